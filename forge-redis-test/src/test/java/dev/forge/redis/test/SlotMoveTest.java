package dev.forge.redis.test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class SlotMoveTest {
    /** More keys than one step moves. */
    private static final int KEYS = 1_200;

    @Test
    void movesEveryKeyThoughAnAnswerCameTooLateForOneAttempt() throws Exception {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.builder()
                .primaries(2)
                .replicas(0)
                .option("cluster-node-timeout", "20000")
                .start()) {
            EmbeddedRedis from = cluster.primaryOf("{slot}");
            EmbeddedRedis to = cluster.primaries().get(cluster.primaries().get(0) == from ? 1 : 0);
            fill(from);
            SlotMove move = new SlotMove(EmbeddedRedisCluster.slotOf("{slot}"), from, to, Duration.ofMillis(200));
            move.begin();

            to.freeze();
            CompletableFuture<Void> moved = CompletableFuture.runAsync(move::moveAllKeys);
            // Long enough for an attempt to time out, and shorter than the wait of the old primary for the new one.
            assertThatThrownBy(() -> moved.get(1, SECONDS)).isInstanceOf(TimeoutException.class);
            to.thaw();
            moved.get(20, SECONDS);

            assertThat(keys(from)).isZero();
            assertThat(keys(to)).isEqualTo(KEYS);
        }
    }

    private static void fill(EmbeddedRedis redis) throws IOException {
        try (RedisConnection connection = redis.connect(Duration.ofSeconds(5))) {
            for (int key = 0; key < KEYS; key++) {
                assertThat(connection.call("SET", "{slot}" + key, "value")).isEqualTo("+OK");
            }
        }
    }

    private static int keys(EmbeddedRedis redis) {
        String slot = Integer.toString(EmbeddedRedisCluster.slotOf("{slot}"));
        return Integer.parseInt(redis.command("CLUSTER", "COUNTKEYSINSLOT", slot));
    }
}
