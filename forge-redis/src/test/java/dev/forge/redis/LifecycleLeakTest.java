package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing takes two seconds at most, ends every call, and leaves nothing behind, whatever state Redis is in. */
@Timeout(180)
@Tag("slow")
class LifecycleLeakTest {

    private static final Duration CLOSED = Duration.ofSeconds(2);
    private static final Duration SLACK = Duration.ofMillis(500);
    private static final int CYCLES = Promises.count(5, 50);

    private final ForgeThreads threads = new ForgeThreads();

    @AutoClose
    private final Stalls stalls = new Stalls();

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
    void leavesNothingBehindWhileRedisIsFrozen() {
        assertClosesInTime("warm-up", () -> {}, server::thaw);
        int filesBefore = OpenFiles.count();

        for (int i = 0; i < CYCLES; i++) {
            assertClosesInTime("frozen", server::freeze, server::thaw);
        }

        await().atMost(Promises.PATIENCE)
                .untilAsserted(() -> assertThat(threads.started()).isEmpty());
        await().atMost(Promises.PATIENCE).untilAsserted(() -> {
            // The client sometimes leaves a closed socket to the garbage collector; a socket in use stays.
            System.gc();
            assertThat(OpenFiles.count()).isLessThan(filesBefore + CYCLES);
        });
        await().atMost(Promises.PATIENCE)
                .untilAsserted(() -> assertThat(proxy.connections()).isZero());
    }

    @Test
    void closesInTimeInEveryOtherState() {
        assertClosesInTime("served", () -> {}, proxy::heal);
        assertClosesInTime("black hole", proxy::blackHole, proxy::heal);
        assertClosesInTime(
                "gone",
                () -> {
                    proxy.refuse();
                    proxy.reset();
                },
                proxy::heal);
        assertClosesInTime(
                "being connected to in vain",
                () -> {
                    proxy.acceptAndIgnore();
                    proxy.reset();
                },
                proxy::heal);
        proxy.acceptAndIgnore();
        RedisManager never = RedisManager.create(RedisSettings.of(proxy.url()));
        CompletableFuture<?> call = never.getAsync("key");
        close("never connected", never, List.of(call));
    }

    private void assertClosesInTime(String state, Runnable enter, Runnable leave) {
        RedisManager redis = RedisManager.create(RedisSettings.of(proxy.url()));
        Promises.warmUp(redis);
        enter.run();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(redis.setAsync("key", "value"));
            calls.add(redis.getAsync("key"));
        }

        close(state, redis, calls);
        leave.run();
    }

    private void close(String state, RedisManager redis, List<CompletableFuture<?>> calls) {
        long start = System.nanoTime();
        redis.close();
        Duration took = stalls.ranSince(start);

        System.out.println("closed while " + state + ": " + took.toMillis() + " ms");
        assertThat(took).as(state).isLessThan(CLOSED.plus(SLACK));
        assertThat(calls).as(state).allMatch(CompletableFuture::isDone);
    }
}
