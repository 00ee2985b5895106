package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every call gets its own reply, and the commands of one thread on one key arrive in order.
 *
 * <p>{@code -Dforge.promises=long} waits for five million answers; {@code -Dforge.promises.seed} repeats the choices of a
 * run.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ReplyMatchTest {

    private static final int KEYS = 1_000;
    private static final int THREADS = 4;
    private static final int LARGEST_BURST = 300;
    private static final int ANSWERS_BETWEEN_CUTS = 3_000;

    private final long seed = Long.getLong("forge.promises.seed", System.nanoTime());
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        redis = RedisManager.create(RedisSettings.builder(proxy.url())
                .socketTimeout(Duration.ofSeconds(1))
                .build());
        Promises.warmUp(redis);
        for (int i = 0; i < KEYS; i++) {
            redis.setAsync("key" + i, "value of key" + i).join();
        }
    }

    @AfterEach
    void stop() {
        redis.close();
        proxy.close();
        server.close();
    }

    @Test
    void givesEveryCallItsOwnAnswerWhileOthersAreInterruptedCancelledAndCutOff() {
        long wanted = Promises.count(100_000, 5_000_000);
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Promises.count(2, 20));
        LongAdder answered = new LongAdder();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            readers.add(new Thread(() -> {
                while (answered.sum() < wanted && System.nanoTime() - end < 0) {
                    read(random, answered);
                }
            }));
        }
        Thread chaos = new Thread(() -> {
            Random random = new Random(seed - 1);
            long nextCut = ANSWERS_BETWEEN_CUTS;
            while (!done.get()) {
                readers.get(random.nextInt(THREADS)).interrupt();
                // By answers, not by time: a slow machine gets as many cuts as a fast one.
                if (answered.sum() >= nextCut) {
                    if (random.nextBoolean()) {
                        proxy.reset();
                    } else {
                        proxy.truncateReply();
                    }
                    nextCut = answered.sum() + random.nextInt(2 * ANSWERS_BETWEEN_CUTS);
                }
                Promises.pause(Duration.ofMillis(1 + random.nextInt(4)));
            }
        });
        readers.forEach(Thread::start);
        chaos.start();

        readers.forEach(reader -> {
            while (reader.isAlive()) {
                Promises.join(reader);
            }
        });
        done.set(true);
        Promises.join(chaos);

        System.out.println("seed " + seed + ": " + answered + " answers, " + wrong.size() + " wrong");
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(answered.sum()).isGreaterThanOrEqualTo(wanted);
    }

    @Test
    void repeatsReadsAfterADamagedReply() {
        try (RedisManager one =
                RedisManager.create(redis.settings().toBuilder().poolSize(0).build())) {
            Promises.warmUp(one);
            // Drops the last byte of +OK: the next reply is read as its rest, and all later ones would be misread too.
            proxy.corruptReply(4);
            CompletableFuture<Void> damaged = one.setAsync("key0", "value of key0");

            for (int i = 0; i < 10; i++) {
                assertThat(one.getSync("key" + i)).contains("value of key" + i);
            }
            assertThat(damaged)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .withCauseInstanceOf(RedisOutcomeUnknownException.class);
        }
    }

    @Test
    void keepsTheOrderOfOneThreadWhileConnectionsAreOpened() {
        for (int round = 0; round < Promises.count(4, 100); round++) {
            try (RedisManager fresh =
                    RedisManager.create(redis.settings().toBuilder().poolSize(8).build())) {
                List<Thread> writers = new ArrayList<>();
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_200);
                for (int i = 0; i < THREADS; i++) {
                    Random random = new Random(seed + i);
                    String key = "order" + i;
                    writers.add(new Thread(() -> {
                        for (long number = 0; System.nanoTime() - end < 0; ) {
                            number = write(fresh, key, number, random);
                        }
                    }));
                }
                writers.forEach(Thread::start);
                writers.forEach(Promises::join);
            }
        }

        assertThat(wrong).as("seed %d", seed).isEmpty();
    }

    /** Reads in one of several ways. */
    private void read(Random random, LongAdder answered) {
        if (random.nextInt(50) == 0) {
            String key = "key" + random.nextInt(KEYS);
            try {
                check(key, redis.getSync(key), answered);
            } catch (RedisFailure | RedisInterruptedException failure) {
                // Interrupted, late or cut off.
            }
            // An interrupt ends one wait, not the reader.
            Thread.interrupted();
            return;
        }
        int burst = 1 + random.nextInt(LARGEST_BURST);
        List<String> keys = new ArrayList<>();
        List<CompletableFuture<Optional<String>>> values = new ArrayList<>();
        for (int i = 0; i < burst; i++) {
            String key = "key" + random.nextInt(KEYS);
            CompletableFuture<Optional<String>> value = redis.getAsync(key);
            if (random.nextInt(20) == 0) {
                value.cancel(true);
            }
            keys.add(key);
            values.add(value);
        }
        for (int i = 0; i < burst; i++) {
            String key = keys.get(i);
            values.get(i)
                    .handle((value, failure) -> {
                        if (failure == null) {
                            check(key, value, answered);
                        }
                        return null;
                    })
                    .join();
        }
    }

    private void check(String key, Optional<String> value, LongAdder answered) {
        answered.increment();
        if (!value.equals(Optional.of("value of " + key))) {
            wrong.add(key + " -> " + value);
        }
    }

    /** Writes some numbers to the key and reads it, without waiting in between; returns the last number. */
    private long write(RedisManager manager, String key, long last, Random random) {
        long number = last;
        List<CompletableFuture<?>> calls = new ArrayList<>();
        int burst = 1 + random.nextInt(LARGEST_BURST);
        for (int i = 0; i < burst; i++) {
            calls.add(manager.setAsync(key, String.valueOf(++number)));
        }
        CompletableFuture<Optional<String>> read = manager.getAsync(key);
        boolean written = calls.stream()
                .noneMatch(
                        call -> call.handle((value, failure) -> failure != null).join());
        Optional<String> found = read.exceptionally(failure -> Optional.empty()).join();
        if (written && found.isPresent() && !found.equals(Optional.of(String.valueOf(number)))) {
            wrong.add(key + " -> " + found.get() + " instead of " + number);
        }
        return number;
    }
}
