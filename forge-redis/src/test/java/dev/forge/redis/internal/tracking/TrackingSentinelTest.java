package dev.forge.redis.internal.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrackingSentinelTest {

    // Sentinels that stood still for 2 s start no failover for 30 s.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    // A field, because the manager refers to it weakly.
    private Tracking.@Nullable Listener listener;

    @Test
    void receivesInvalidationsFromTheNewPrimaryAfterTheOldOneHasFrozen() {
        try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(sentinels.url()))) {
            Tracking tracking = CoreAccess.coreOf(redis).tracking();
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            listener = new Tracking.Listener() {
                @Override
                public void changed(String key) {
                    heard.add(key);
                }

                @Override
                public void allChanged() {
                    heard.add("everything");
                }
            };
            tracking.listen(listener);
            await().atMost(PATIENCE).until(() -> tracking.epochOf("k") != null);
            TrackingEpoch before = tracking.epochOf("k");
            EmbeddedRedis old = sentinels.primary();

            old.freeze();
            EmbeddedRedis now = sentinels.awaitPrimaryOtherThan(old, PATIENCE);

            await().atMost(PATIENCE).until(() -> tracking.epochOf("k") != null);
            assertThat(before)
                    .isNotNull()
                    .satisfies(epoch -> assertThat(epoch.isOver()).isTrue());
            assertThat(heard).contains("everything");
            await().atMost(PATIENCE).until(() -> {
                TrackingEpoch epoch = tracking.epochOf("k");
                return epoch != null
                        && tracking.read(epoch, "k").get(20, TimeUnit.SECONDS).isTracked();
            });
            now.command("SET", "k", "v");
            await().atMost(PATIENCE).until(() -> heard.contains("k"));
            old.thaw();
        }
    }
}
