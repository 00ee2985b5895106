package dev.forge.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.route.ClusterView;
import dev.forge.redis.internal.route.ProbeKeys;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health checks and invalidations work for a primary however few slots it serves. */
class FewSlotsTest {

    private static final List<Integer> SLOTS =
            IntStream.range(0, ClusterView.SLOTS).boxed().toList();

    // No smaller number is in its slot.
    private static final String KEY = "{109757}";

    private EmbeddedRedis many;
    private EmbeddedRedis one;

    @BeforeEach
    void start() {
        int slot = EmbeddedRedisCluster.slotOf(KEY);
        many = node();
        one = node();
        many.command(Stream.concat(
                        Stream.of("CLUSTER", "ADDSLOTS"),
                        SLOTS.stream().filter(each -> each != slot).map(String::valueOf))
                .toArray(String[]::new));
        one.command("CLUSTER", "ADDSLOTS", String.valueOf(slot));
        one.command("CLUSTER", "SET-CONFIG-EPOCH", "2");
        one.command("CLUSTER", "MEET", "127.0.0.1", String.valueOf(many.port()));
        for (EmbeddedRedis each : List.of(many, one)) {
            await().atMost(Promises.PATIENCE).until(() -> {
                String info = each.command("CLUSTER", "INFO");
                return info.contains("cluster_slots_assigned:16384") && info.contains("cluster_state:ok");
            });
        }
    }

    @AfterEach
    void stop() {
        one.close();
        many.close();
    }

    @Test
    void findsAKeyForEverySlot() {
        Map<Integer, byte[]> keys = ProbeKeys.find("prefix".getBytes(UTF_8), SLOTS, slot -> slot);

        assertThat(keys).hasSize(ClusterView.SLOTS);
        assertThat(keys)
                .allSatisfy((slot, key) -> assertThat(SlotHash.getSlot(key)).isEqualTo(slot));
    }

    @Test
    void checksTheHealthOfAPrimaryWithOneSlot() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(url()))) {
            redis.initializeSync();
            await().atMost(Promises.PATIENCE).until(() -> redis.healthSync() instanceof Health.Up);

            one.kill();

            await().atMost(Promises.PATIENCE)
                    .until(() -> redis.healthSync() instanceof Health.Down down
                            && down.message().startsWith("1 of 2 primaries"));
        }
    }

    @Test
    void isDownWhileNoNodeServesASlot() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(url()))) {
            redis.initializeSync();
            String slot = String.valueOf(EmbeddedRedisCluster.slotOf(KEY));

            one.command("CLUSTER", "DELSLOTS", slot);
            many.command("CLUSTER", "DELSLOTS", slot);

            await().atMost(Promises.PATIENCE)
                    .until(() -> redis.healthSync() instanceof Health.Down down
                            && down.reason() == Health.Reason.NOT_SERVED
                            && down.message().contains("serves 1 of its 16384 slots"));

            many.command("CLUSTER", "ADDSLOTS", slot);

            await().atMost(Promises.PATIENCE).until(() -> redis.healthSync() instanceof Health.Up);
        }
    }

    @Test
    void cachesKeysOfAPrimaryWithOneSlotInMemory() {
        try (RedisManager redis = RedisManager.create(RedisSettings.of(url()))) {
            redis.initializeSync();
            redis.setSync(KEY, "value");

            await().atMost(Promises.PATIENCE)
                    .until(() -> CoreAccess.coreOf(redis).tracking().epochOf(KEY) != null);
            TrackingEpoch epoch =
                    requireNonNull(CoreAccess.coreOf(redis).tracking().epochOf(KEY));

            assertThat(CoreAccess.coreOf(redis).tracking().read(epoch, KEY))
                    .succeedsWithin(Promises.PATIENCE)
                    .returns(true, TrackedRead::isTracked);
        }
    }

    private static EmbeddedRedis node() {
        return EmbeddedRedis.builder()
                .option("cluster-enabled", "yes")
                .option("cluster-require-full-coverage", "no")
                .start();
    }

    private String url() {
        return "redis-cluster://127.0.0.1:" + many.port();
    }
}
