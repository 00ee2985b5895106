package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How soon writes succeed after a failover; {@code -Dforge.failovers=10} repeats each case. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("slow")
class FailoverTest {

    private static final int TIMES = Integer.getInteger("forge.failovers", 1);
    // Sentinels that stood still for 2 s start no failover for 30 s.
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);
    private static final Duration AFTER_FREEZE = Duration.ofSeconds(4);

    @Test
    void writesToAClusterAgainSoonAfterANewPrimaryTakesWrites() {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start();
                RedisManager redis = connected(cluster.url())) {
            for (int time = 0; time < TIMES; time++) {
                EmbeddedRedis killed = cluster.primaryOf("key");
                killed.kill();
                cluster.awaitWritable(PATIENCE);
                assertThat(untilWritten(redis)).isLessThan(AFTER_KILL);
                killed.restart();
                cluster.awaitReady(PATIENCE);

                EmbeddedRedis frozen = cluster.primaryOf("key");
                frozen.freeze();
                cluster.awaitWritable(PATIENCE);
                assertThat(untilWritten(redis)).isLessThan(AFTER_FREEZE);
                frozen.thaw();
                cluster.awaitReady(PATIENCE);
            }
        }
    }

    @Test
    void writesToTheNewPrimaryOfSentinelsSoonAfterItIsOne() {
        try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.start();
                RedisManager redis = connected(sentinels.url())) {
            for (int time = 0; time < TIMES; time++) {
                EmbeddedRedis killed = sentinels.primary();
                killed.kill();
                sentinels.awaitPrimaryOtherThan(killed, PATIENCE);
                assertThat(untilWritten(redis)).isLessThan(AFTER_KILL);
                killed.restart();
                sentinels.awaitReady(PATIENCE);

                EmbeddedRedis frozen = sentinels.primary();
                frozen.freeze();
                sentinels.awaitPrimaryOtherThan(frozen, PATIENCE);
                assertThat(untilWritten(redis)).isLessThan(AFTER_FREEZE);
                frozen.thaw();
                sentinels.awaitReady(PATIENCE);
            }
        }
    }

    private static RedisManager connected(String url) {
        RedisManager redis = RedisManager.create(RedisSettings.of(url));
        redis.setSync("key", "before");
        return redis;
    }

    /** Returns how long it takes until a write has been acknowledged. */
    private static Duration untilWritten(RedisManager redis) {
        long start = System.nanoTime();
        while (true) {
            try {
                redis.setSync("key", "after");
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                System.out.println("written " + waited.toMillis() + " ms after the new primary took writes");
                return waited;
            } catch (RedisFailure failure) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw failure;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }
}
