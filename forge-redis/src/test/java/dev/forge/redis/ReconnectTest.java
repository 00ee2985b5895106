package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.internal.connection.ReconnectPause;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How soon a client reconnects, and how rarely it tries; {@code -Dforge.promises=long} runs an outage of 40 s. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReconnectTest {

    private static final Duration BACK = Duration.ofSeconds(1);
    private static final Duration SLACK = Duration.ofMillis(500);
    private static final int MOST_ATTEMPTS_A_SECOND = 5;
    private static final int CLIENTS = 20;

    private EmbeddedRedis server;
    private FaultProxy proxy;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void reconnectsWithinASecondOfTheServersReturn() {
        try (RedisManager redis = connected()) {
            for (int seconds : Promises.longForm() ? new int[] {1, 2, 5, 40} : new int[] {1}) {
                server.kill();
                Promises.pause(Duration.ofSeconds(seconds));
                server.restart();

                long start = System.nanoTime();
                await().pollInterval(Duration.ofMillis(10))
                        .atMost(Promises.PATIENCE)
                        .until(() -> catchThrowable(() -> redis.getSync("key")) == null);
                Duration waited = Duration.ofNanos(System.nanoTime() - start);

                System.out.println("back " + waited.toMillis() + " ms after an outage of " + seconds + " s");
                assertThat(waited).isLessThan(BACK.plus(SLACK));
            }
        }
    }

    @Test
    void neverWaitsLongerThanHalfASecondHoweverLongTheOutage() {
        Random random = new Random(1);
        long clock = 0;
        long attempts = 0;
        for (int failures = 0; clock < TimeUnit.HOURS.toMillis(1); failures++) {
            int pause = ReconnectPause.millis(failures, random);
            assertThat(pause).isBetween(10, 500);
            clock += pause;
            attempts++;
        }

        assertThat(attempts / (double) TimeUnit.HOURS.toSeconds(1)).isLessThanOrEqualTo(MOST_ATTEMPTS_A_SECOND);
        assertThat(ReconnectPause.millis(Integer.MAX_VALUE, random)).isBetween(10, 500);
    }

    @Test
    void spreadsManyClientsEvenlyOverThePause() {
        Random random = new Random(2);
        int[] pauses = IntStream.generate(() -> ReconnectPause.millis(20, random))
                .limit(10_000)
                .toArray();

        for (int from = 0; from < 500; from += 100) {
            int begin = from;
            assertThat(IntStream.of(pauses)
                            .filter(pause -> pause >= begin && pause < begin + 100)
                            .count())
                    .as("pauses from %d ms", from)
                    .isBetween(1_800L, 2_200L);
        }
    }

    @Test
    void connectsAtMostFiveTimesASecondDuringAnOutage() {
        List<RedisManager> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(connected());
            }
            server.kill();
            Promises.pause(Duration.ofMillis(500));

            double attempts = attemptsASecond(Duration.ofSeconds(2)) / CLIENTS;

            System.out.printf("%.1f attempts a second of each client%n", attempts);
            assertThat(attempts).isBetween(1.0, (double) MOST_ATTEMPTS_A_SECOND);
        } finally {
            clients.parallelStream().forEach(RedisManager::close);
        }
    }

    @Test
    void connectsNoMoreOftenWhenEachConnectionIsLostAtOnce() {
        try (RedisManager redis = connected()) {
            Thread killer = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                }
            });
            killer.start();
            Promises.pause(Duration.ofMillis(500));

            // A window in which the machine stood still has too few.
            double attempts = DoubleStream.generate(() -> attemptsASecond(Duration.ofSeconds(2)))
                    .limit(3)
                    .sorted()
                    .toArray()[1];
            killer.interrupt();
            Promises.join(killer);

            System.out.printf("%.1f attempts a second while connections are killed%n", attempts);
            assertThat(attempts).isBetween(1.0, 1.6 * MOST_ATTEMPTS_A_SECOND);
            await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
        }
    }

    private RedisManager connected() {
        RedisManager redis = RedisManager.create(RedisSettings.of(proxy.url()));
        Promises.warmUp(redis);
        return redis;
    }

    private double attemptsASecond(Duration time) {
        long before = proxy.accepted();
        long start = System.nanoTime();
        Promises.pause(time);
        return (proxy.accepted() - before) * 1e9 / (System.nanoTime() - start);
    }
}
