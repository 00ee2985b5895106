package dev.forge.redis.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Random operations of eight threads on the sessions of one user, over and over: 10,000 rounds with
 * {@code -Dforge.promises=long}. A failure names the seed of its round, which {@code -Dforge.seed} repeats.
 */
class SessionRaceTest {

    private static final int THREADS = 8;

    @Test
    void holdsInRandomInterleavingsOnOneServer() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            race(server.url(), Promises.count(500, 10_000));
        }
    }

    @Test
    void holdsInRandomInterleavingsOnACluster() throws Exception {
        try (EmbeddedRedisCluster cluster =
                EmbeddedRedisCluster.builder().replicas(0).start()) {
            race(cluster.url(), Promises.count(150, 10_000));
        }
    }

    private static void race(String url, int rounds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (RedisManager redis = RedisManager.create(RedisSettings.of(url))) {
            SessionStore sessions = SessionStore.create(redis);
            long seed = Long.getLong("forge.seed", new Random().nextLong());
            RaceTotals totals = new RaceTotals();
            for (int i = 0; i < rounds; i++) {
                new RaceRound(sessions, "user " + i, seed + i, totals).run(threads, THREADS);
            }
            assertThat(redis.getSyncClient().dbsize()).isZero();
            totals.assertThatEverythingHappened();
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Waits for a thread of a round. */
    static void join(Future<?> thread) throws Exception {
        thread.get(60, TimeUnit.SECONDS);
    }
}
