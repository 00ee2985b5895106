package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * An unresponsive peer is detected within 3 s, without the help of TCP, and a slow peer is kept.
 *
 * <p>A busy machine gets one more second; the measured times are printed.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("slow")
class HungPeerTest {

    private static final Duration NOTICED = Duration.ofSeconds(3);
    private static final Duration SLACK = Duration.ofSeconds(1);
    private static final Duration AT_ONCE = Duration.ofMillis(5);

    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        redis = RedisManager.create(
                RedisSettings.builder(proxy.url()).poolSize(0).build());
        Promises.warmUp(redis);
    }

    @AfterEach
    void stop() {
        redis.close();
        proxy.close();
        server.close();
    }

    @Test
    void replacesAnIdleConnectionThatAFirewallDropped() {
        long accepted = proxy.accepted();
        proxy.blackHoleOpenConnections();

        assertReplaced("forgotten while idle", accepted);
        // The connection is accepted, but may not have logged in yet.
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
    }

    @Test
    @EnabledIfSystemProperty(named = "forge.promises", matches = "long")
    void replacesABusyConnectionThatAFirewallDropped() {
        try (Load load = new Load()) {
            long accepted = proxy.accepted();
            proxy.blackHoleOpenConnections();

            assertReplaced("forgotten under load", accepted);
            await().atMost(Promises.PATIENCE).until(load::succeeds);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "forge.promises", matches = "long")
    void replacesAnIdleConnectionToAFrozenServer() {
        long accepted = proxy.accepted();
        server.freeze();

        assertReplaced("frozen while idle", accepted);
        server.thaw();
        long start = System.nanoTime();
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
        print("back after the thaw", System.nanoTime() - start);
    }

    @Test
    void replacesABusyConnectionToAFrozenServer() {
        try (Load load = new Load()) {
            long accepted = proxy.accepted();
            server.freeze();

            assertReplaced("frozen under load", accepted);
            server.thaw();
            await().atMost(Promises.PATIENCE).until(load::succeeds);
        }
    }

    @Test
    void refusesCallsAtOnceWhileTheServerIsUnresponsive() {
        proxy.blackHole();
        await().atMost(NOTICED.plus(SLACK)).until(() -> {
            redis.setAsync("key", "value");
            return redis.setAsync("key", "value").isCompletedExceptionally();
        });

        List<Long> waits = new ArrayList<>();
        int most = 0;
        long end = System.nanoTime() + Duration.ofSeconds(Promises.count(2, 10)).toNanos();
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            Throwable failure = catchThrowable(() -> redis.setSync("key", "value"));
            waits.add(System.nanoTime() - start);
            assertThat(failure).isInstanceOf(RedisUnavailableException.class);
            most = Math.max(most, proxy.connections());
            Promises.pause(Duration.ofMillis(5));
        }

        waits.sort(null);
        print("refused in, of 100 calls 99", waits.get(waits.size() * 99 / 100));
        assertThat(Duration.ofNanos(waits.get(waits.size() * 9 / 10))).isLessThan(AT_ONCE);
        // The connection that is given up may still exist when the next one is made.
        assertThat(most).isLessThanOrEqualTo(2);
        proxy.heal();
        long start = System.nanoTime();
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
        print("back after the black hole", System.nanoTime() - start);
    }

    @Test
    void keepsConnectionsToASlowServer() {
        proxy.latency(Duration.ofMillis(400));
        long accepted = proxy.accepted();
        int connections = proxy.connections();

        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < Promises.count(200, 2_000); i++) {
            calls.add(redis.getAsync("key"));
            Promises.pause(Duration.ofMillis(10));
        }

        assertThatCode(() -> calls.forEach(CompletableFuture::join)).doesNotThrowAnyException();
        assertThat(proxy.accepted()).isEqualTo(accepted);
        assertThat(proxy.connections()).isEqualTo(connections);
    }

    @Test
    void keepsMostlyIdleConnectionsToASlowServer() {
        proxy.latency(Duration.ofMillis(400));
        long accepted = proxy.accepted();

        // The first time, the latency of the server is not known yet.
        Promises.pause(Duration.ofMillis(2_500));
        // Long enough that a heartbeat was just sent and is not answered yet.
        for (int i = 0; i < Promises.count(3, 20); i++) {
            assertThatCode(() -> redis.getSync("key")).doesNotThrowAnyException();
            Promises.pause(Duration.ofMillis(1_300 + 25 * i));
        }

        assertThat(proxy.accepted()).isEqualTo(accepted);
    }

    @Test
    void doesNotConnectAgainAndAgainToAServerThatIsBusyWithAScript() {
        long accepted = proxy.accepted();
        server.enter(ServerState.BUSY);

        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            var unused = catchThrowable(() -> redis.getAsync("key").get(100, TimeUnit.MILLISECONDS));
            Promises.pause(Duration.ofMillis(50));
        }

        assertThat(proxy.accepted()).isEqualTo(accepted);
        server.recover();
    }

    private void assertReplaced(String how, long accepted) {
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10)).atMost(Promises.PATIENCE).until(() -> proxy.accepted() > accepted);
        long noticed = System.nanoTime() - start;
        print(how + ", replaced", noticed);
        assertThat(Duration.ofNanos(noticed)).isLessThan(NOTICED.plus(SLACK));
    }

    private static void print(String what, long nanos) {
        System.out.printf("%s: %.1f ms%n", what, nanos / 1e6);
    }

    /** A thread that keeps reading and writing. */
    private final class Load implements AutoCloseable {
        private final AtomicBoolean stopped = new AtomicBoolean();
        private volatile boolean succeeds;
        private final Thread thread = new Thread(this::run);

        Load() {
            thread.start();
        }

        boolean succeeds() {
            return succeeds;
        }

        private void run() {
            while (!stopped.get()) {
                redis.setAsync("key", "value");
                succeeds = catchThrowable(() -> redis.getAsync("key").get(200, TimeUnit.MILLISECONDS)) == null;
                Promises.pause(Duration.ofMillis(1));
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            Promises.join(thread);
        }
    }
}
