package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sentinels that name another primary while the first one still replies, and still takes itself for a primary. */
@Tag("slow")
class RepointedSentinelsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private EmbeddedRedisSentinels sentinels;
    private EmbeddedRedis other;
    private RedisManager redis;

    @BeforeEach
    void start() {
        sentinels = EmbeddedRedisSentinels.start();
        other = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(sentinels.url()));
        redis.setSync("where", "first");
        other.command("SET", "where", "second");
    }

    @AfterEach
    void stop() {
        redis.close();
        other.close();
        sentinels.close();
    }

    @Test
    void followsThePrimaryThatMostOfThemName() {
        sentinels.sentinels().forEach(this::repoint);

        await().atMost(PATIENCE).until(() -> redis.getSync("where").get().equals("second"));
    }

    @Test
    void staysWhereItIsWhenOneOfThemNamesAnother() {
        repoint(sentinels.sentinels().get(0));

        // More than two rounds of questions.
        Promises.pause(Duration.ofSeconds(12));

        assertThat(redis.getSync("where")).contains("first");
    }

    @Test
    void tracksKeysOnTheServerThatCallsAreSentToAfterItsConnectionWasLost() {
        Tracking tracking = tracking();
        TrackingEpoch before = requireNonNull(tracking.epochOf("where"));
        EmbeddedRedis first = sentinels.primary();
        sentinels.sentinels().subList(1, 3).forEach(EmbeddedRedis::kill);
        repoint(sentinels.sentinels().get(0));

        String clients = first.command("CLIENT", "LIST");
        String tracked = clients.lines()
                .filter(client -> client.contains(" flags=t"))
                .findFirst()
                .orElseThrow();
        first.command("CLIENT", "KILL", "ID", tracked.substring("id=".length(), tracked.indexOf(' ')));
        await().atMost(PATIENCE).until(() -> before.isOver() && tracking.epochOf("where") != null);

        assertThat(redis.getSync("where")).contains("first");
        assertThat(read(tracking).bytes()).contains("first".getBytes(UTF_8));
    }

    @Test
    void tracksKeysOnTheServerThatCallsAreSentTo() {
        Tracking tracking = tracking();

        sentinels.sentinels().forEach(this::repoint);
        await().atMost(PATIENCE).until(() -> redis.getSync("where").get().equals("second"));

        await().atMost(PATIENCE).until(() -> tracking.epochOf("where") != null);
        TrackedRead read = read(tracking);
        assertThat(read.isTracked()).isTrue();
        assertThat(read.bytes()).contains("second".getBytes(UTF_8));
    }

    private Tracking tracking() {
        Tracking tracking = CoreAccess.coreOf(redis).tracking();
        tracking.listen(new Tracking.Listener() {
            @Override
            public void changed(String key) {}

            @Override
            public void allChanged() {}
        });
        await().atMost(PATIENCE).until(() -> tracking.epochOf("where") != null);
        return tracking;
    }

    private static TrackedRead read(Tracking tracking) {
        return tracking.read(requireNonNull(tracking.epochOf("where")), "where").join();
    }

    private void repoint(EmbeddedRedis sentinel) {
        String name = sentinels.url().substring(sentinels.url().indexOf('#') + 1);
        sentinel.command("SENTINEL", "REMOVE", name);
        sentinel.command("SENTINEL", "MONITOR", name, "127.0.0.1", String.valueOf(other.port()), "2");
    }
}
