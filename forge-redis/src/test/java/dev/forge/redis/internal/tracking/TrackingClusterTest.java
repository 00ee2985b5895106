package dev.forge.redis.internal.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.ClusterFixture;
import dev.forge.redis.Promises;
import dev.forge.redis.ServerStats;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrackingClusterTest extends ClusterFixture {

    private Tracking tracking;
    // A field, because the manager refers to it weakly.
    private Tracking.@Nullable Listener listener;

    @BeforeEach
    void warmUp() {
        Promises.warmUp(redis);
        tracking = CoreAccess.coreOf(redis).tracking();
    }

    @Test
    void hasAnEpochForEachPrimary() throws Exception {
        Map<EmbeddedRedis, TrackingEpoch> epochs = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            String key = "spread:" + i;
            TrackingEpoch epoch = trusted(key);
            assertThat(tracking.read(epoch, key).get(20, TimeUnit.SECONDS).isTracked())
                    .isTrue();
            epochs.merge(cluster.primaryOf(key), epoch, (before, after) -> {
                assertThat(after).isSameAs(before);
                return after;
            });
        }

        assertThat(epochs).hasSize(3);
        assertThat(epochs.values()).doesNotHaveDuplicates();
        await().atMost(Promises.PATIENCE).until(() -> tracking.state().kind() == TrackingState.LIVE);
    }

    @Test
    void endsTheEpochWhenASlotMoves() throws Exception {
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
        redis.setSync("moving", "1");
        TrackingEpoch before = trusted("moving");
        assertThat(tracking.read(before, "moving").get(20, TimeUnit.SECONDS).isTracked())
                .isTrue();
        EmbeddedRedis from = cluster.primaryOf("moving");

        cluster.moveSlot(EmbeddedRedisCluster.slotOf("moving"), otherThan(from));

        // MIGRATE deletes the key on the old node, which sends an invalidation.
        await().atMost(Promises.PATIENCE).until(() -> !heard.isEmpty());
        TrackedRead redirected = tracking.read(before, "moving").get(20, TimeUnit.SECONDS);
        assertThat(redirected.isTracked()).isFalse();
        assertThat(redirected.bytes()).isPresent();
        assertThat(before.isOver()).isTrue();
        await().atMost(Promises.PATIENCE)
                .until(() -> tracking.read(trusted("moving"), "moving")
                        .get(20, TimeUnit.SECONDS)
                        .isTracked());
        cluster.moveSlot(EmbeddedRedisCluster.slotOf("moving"), from);
    }

    @Test
    void endsTheEpochWhenASlotMovesInOneStep() throws Exception {
        redis.setSync("moving", "1");
        TrackingEpoch before = trusted("moving");
        assertThat(tracking.read(before, "moving").get(20, TimeUnit.SECONDS).isTracked())
                .isTrue();
        EmbeddedRedis from = cluster.primaryOf("moving");
        EmbeddedRedis to = otherThan(from);
        int slot = EmbeddedRedisCluster.slotOf("moving");
        String range = Integer.toString(slot);

        assumeThat(from.command("INFO", "server"))
                .as("atomic slot migration, from Valkey 9 on")
                .containsPattern("valkey_version:(9|[1-9]\\d)\\.");

        from.command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", range, range, "NODE", to.command("CLUSTER", "MYID"));

        await().atMost(Promises.PATIENCE).until(before::isOver);
        assertThat(redis.getSync("moving")).contains("1");
        assertThat(cluster.primaryOf("moving")).isSameAs(to);
        cluster.moveSlot(slot, from);
    }

    @Test
    void endsTheEpochWhenItsPrimaryIsDemoted() {
        TrackingEpoch before = trusted("key");
        EmbeddedRedis primary = cluster.primaryOf("key");

        // An orderly failover: the old primary keeps running, and its connections stay open.
        cluster.failOver(cluster.replicaOf(primary));

        await().atMost(Promises.PATIENCE).until(before::isOver);
        assertThat(trusted("key")).isNotSameAs(before);
    }

    @Test
    void trustsAPrimaryWhileTheSlotOfItsProbeMoves() {
        // The first key that is looked at is the probe of the primary that it is on.
        String probe = "forge:tracking:{0}";
        EmbeddedRedis from = cluster.primaryOf(probe);
        int slot = EmbeddedRedisCluster.slotOf(probe);
        String key = keyOn(from, slot);
        trusted(key);
        long before = ServerStats.refused("exists", from);

        cluster.beginMove(slot, otherThan(from));

        // Each probe is refused with ASK now.
        await().atMost(Promises.PATIENCE).until(() -> ServerStats.refused("exists", from) > before + 2);
        assertThat(trusted(key)).isNotNull();
        cluster.finishMove(slot);
        cluster.moveSlot(slot, from);
    }

    private static String keyOn(EmbeddedRedis node, int otherSlot) {
        return IntStream.range(0, 1_000)
                .mapToObj(number -> "key:" + number)
                .filter(key -> cluster.primaryOf(key) == node && EmbeddedRedisCluster.slotOf(key) != otherSlot)
                .findFirst()
                .orElseThrow();
    }

    private TrackingEpoch trusted(String key) {
        return await().atMost(Promises.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> tracking.epochOf(key), epoch -> epoch != null);
    }
}
