package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.script.LuaScript;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A command runs once or not at all, and its failure says whether it may have run.
 *
 * <p>{@code -Dforge.promises=long} runs 300 faults; {@code -Dforge.promises.seed} repeats those of a run.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Tag("slow")
class AtMostOnceTest {

    private static final LuaScript INCREMENT = LuaScript.of("increment", "return redis.call('INCR', KEYS[1])");
    private static final Duration DEADLINE = Duration.ofMillis(400);
    private static final int MOST_UNDER_WAY = 200;

    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager redis;

    @BeforeEach
    void start() {
        // The counter must survive kill -9.
        server = EmbeddedRedis.builder()
                .option("appendonly", "yes")
                .option("appendfsync", "always")
                .start();
        proxy = FaultProxy.to(server.port());
        redis = RedisManager.create(
                RedisSettings.builder(proxy.url()).socketTimeout(DEADLINE).build());
        Promises.warmUp(redis);
    }

    @AfterEach
    void stop() {
        redis.close();
        proxy.close();
        server.close();
    }

    @Test
    void runsEachAcknowledgedCommandOnceAndNoCommandTwice() {
        long seed = Long.getLong("forge.promises.seed", System.nanoTime());
        Random random = new Random(seed);
        Increments increments = new Increments();
        try (increments) {
            for (int i = 0; i < Promises.count(24, 300); i++) {
                fault(i, random);
                long before = increments.succeeded.sum();
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Promises.PATIENCE)
                        .until(() -> increments.succeeded.sum() > before);
            }
        }
        // A command that was sent may still be under way when no call waits for it any more.
        redis.close();
        proxy.close();
        await().atMost(Promises.PATIENCE).until(() -> clients() == 0);

        long counted = Long.parseLong(server.command("GET", "counter"));
        System.out.printf("seed %d: %s counted %d%n", seed, increments, counted);
        assertThat(increments.succeeded.sum()).isPositive();
        assertThat(increments.unknown.sum()).isPositive();
        assertThat(increments.unsent.sum()).isPositive();
        assertThat(increments.other.sum()).as("failures of another kind").isZero();
        assertThat(counted)
                .as("seed %d", seed)
                .isBetween(increments.succeeded.sum(), increments.succeeded.sum() + increments.unknown.sum());
    }

    @Test
    void repeatsNoDelayedWriteThatAnotherConnectionOvertakes() throws Exception {
        try (RedisManager other = RedisManager.create(RedisSettings.of(server.url()))) {
            other.initializeSync();
            LuaScript append = LuaScript.of("append", "return redis.call('RPUSH', KEYS[1], ARGV[1])");
            other.evalSync(append, List.of("known now"), List.of(new byte[] {'x'}));
            proxy.holdNext(Duration.ofMillis(700));

            Throwable held = catchThrowable(() -> redis.evalSync(append, List.of("list"), List.of(new byte[] {'a'})));
            other.evalSync(append, List.of("list"), List.of(new byte[] {'b'}));

            assertThat(held).isInstanceOf(RedisOutcomeUnknownException.class);
            await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("key")) == null);
            Promises.pause(Duration.ofSeconds(1));
            assertThat(Long.parseLong(server.command("LLEN", "list"))).isBetween(1L, 2L);
            assertThat(server.command("LINDEX", "list", "0")).isEqualTo("b");
        }
    }

    @Test
    void repeatsAReadOnceAfterItsConnectionWasLost() {
        server.command("SET", "key", "value");
        for (int i = 0; i < Promises.count(6, 100); i++) {
            if (i % 2 == 0) {
                proxy.resetOnRequest();
            } else {
                proxy.resetOnReply();
            }

            assertThat(redis.getSync("key")).contains("value");
            // After a shorter connection the next attempt would not be made at once.
            Promises.pause(Duration.ofMillis(300));
        }
    }

    @Test
    void failsAReadThatCannotBeRepeatedAtOnce() {
        proxy.latency(Duration.ofMillis(100));
        CompletableFuture<?> read = redis.getAsync("key");
        CompletableFuture<?> write = redis.setAsync("key", "value");
        Promises.pause(Duration.ofMillis(20));
        proxy.refuse();
        proxy.reset();

        assertThat(catchThrowable(read::join)).hasCauseInstanceOf(RedisUnavailableException.class);
        assertThat(catchThrowable(write::join)).hasCauseInstanceOf(RedisOutcomeUnknownException.class);
        proxy.heal();
    }

    private void fault(int number, Random random) {
        switch (number % 8) {
            case 0 -> proxy.reset();
            case 1 -> proxy.resetOnRequest();
            case 2 -> proxy.resetOnReply();
            case 3 -> proxy.truncateReply();
            case 4 -> {
                proxy.dropReplies();
                Promises.pause(Duration.ofMillis(random.nextInt(300)));
                proxy.heal();
            }
            case 5 -> {
                proxy.dropRequests();
                Promises.pause(Duration.ofMillis(random.nextInt(300)));
                proxy.heal();
            }
            case 6 -> {
                proxy.blackHole();
                Promises.pause(Duration.ofMillis(100 + random.nextInt(600)));
                proxy.heal();
            }
            default -> {
                server.kill();
                server.restart();
            }
        }
    }

    private long clients() {
        return server.command("CLIENT", "LIST", "TYPE", "normal")
                .lines()
                .filter(line -> !line.contains("cmd=client"))
                .count();
    }

    /** A thread that keeps incrementing a counter, and records the outcome of each attempt. */
    private final class Increments implements AutoCloseable {
        private final LongAdder succeeded = new LongAdder();
        private final LongAdder unknown = new LongAdder();
        private final LongAdder unsent = new LongAdder();
        private final LongAdder other = new LongAdder();
        private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread = new Thread(this::run);

        Increments() {
            thread.start();
        }

        private void run() {
            while (!stopped.get()) {
                room.acquireUninterruptibly();
                CompletableFuture<?> counted = redis.evalAsync(INCREMENT, List.of("counter"), List.of())
                        .handle((reply, failure) -> {
                            count(failure);
                            room.release();
                            return failure;
                        });
                if (counted.isDone()) {
                    // Refused at once.
                    Promises.pause(Duration.ofMillis(1));
                }
            }
        }

        private void count(Throwable failure) {
            if (failure == null) {
                succeeded.increment();
            } else if (RedisFailure.in(failure).orElse(null) instanceof RedisOutcomeUnknownException) {
                unknown.increment();
            } else if (RedisFailure.in(failure).isPresent()) {
                // Never sent, or refused by a server that has just come back.
                unsent.increment();
            } else {
                other.increment();
            }
        }

        @Override
        public void close() {
            stopped.set(true);
            Promises.join(thread);
            room.acquireUninterruptibly(MOST_UNDER_WAY);
        }

        @Override
        public String toString() {
            return succeeded + " succeeded, " + unknown + " unknown, " + unsent + " unsent,";
        }
    }
}
