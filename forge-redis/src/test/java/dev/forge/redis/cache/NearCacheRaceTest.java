package dev.forge.redis.cache;

import static dev.forge.redis.cache.NearCaches.KEYS;
import static dev.forge.redis.cache.NearCaches.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.Fetched;
import dev.forge.redis.internal.cache.NearCache;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Concurrent reads and writes of one key: the reply is kept on a different thread from the one that handles the
 * invalidation. {@code -Dforge.promises=long} runs a million pairs.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class NearCacheRaceTest {

    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    private static final int BATCH = 1_000;
    private static final int BATCHES = Promises.count(6, 1_000);
    private static final int WRITES = Promises.count(3_000, 100_000);
    private static final Duration TTL = Duration.ofMinutes(5);

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private RedisManager redis;
    private RedisManager elsewhere;
    private NearCache<String> near;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.builder(REDIS.url())
                .nearMaxStaleness(Duration.ofSeconds(5))
                .build());
        elsewhere = RedisManager.create(RedisSettings.of(REDIS.url()));
        near = new NearCache<>(CoreAccess.coreOf(redis), KEYS, 1_000_000, false, 0, key -> false);
        NearCaches.awaitTrust(redis);
    }

    @AfterEach
    void close() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        elsewhere.close();
        redis.close();
    }

    @Test
    void keepsNoOldValueWhenReadsAndWritesRace() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long stale = 0;
        long kept = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            String name = batch + ":";
            each(name, key -> CoreAccess.coreOf(elsewhere).setBytes(KEYS.key(key), bytes("old"), TTL));
            List<CompletableFuture<?>> racing = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                String key = name + i;
                boolean writeFirst = random.nextInt(4) == 0;
                if (writeFirst) {
                    racing.add(CoreAccess.coreOf(elsewhere).setBytes(KEYS.key(key), bytes("new"), TTL));
                }
                racing.add(near.fetch(NearCaches.key(key)).thenAcceptAsync(this::keepLater, threads));
                if (!writeFirst) {
                    LockSupport.parkNanos(random.nextInt(2) * 1_000L);
                    racing.add(CoreAccess.coreOf(elsewhere).setBytes(KEYS.key(key), bytes("new"), TTL));
                }
            }
            CompletableFuture.allOf(racing.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            NearCaches.awaitInvalidations(redis);
            for (int i = 0; i < BATCH; i++) {
                Held<String> held = near.get(name + i);
                stale += held != null && !held.value().equals(Optional.of("new")) ? 1 : 0;
                kept += held != null ? 1 : 0;
            }
            each(name, key -> elsewhere.deleteAsync(KEYS.key(key)));
        }

        long pairs = (long) BATCHES * BATCH;
        System.out.printf(
                "race: %,d pairs, %,d kept, %,d late fills not kept, %,d read past the near cache, %d stale (seed %d)%n",
                pairs, kept, near.discarded(), near.bypasses(), stale, seed);
        assertThat(stale).isZero();
        // Otherwise the race was not exercised.
        assertThat(near.discarded()).isGreaterThan(pairs / 100);
        assertThat(kept).isGreaterThan(pairs / 100);
        assertThat(near.bypasses()).isLessThan(pairs / 2);
    }

    @Test
    void neverShowsTheWriterAnOlderValueThanItsOwn() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong hits = new AtomicLong();
        List<CompletableFuture<?>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(CompletableFuture.runAsync(
                    () -> {
                        while (!done.get()) {
                            if (near.get("key") != null) {
                                hits.incrementAndGet();
                            } else {
                                keepLater(near.fetch(NearCaches.key("key")).join());
                            }
                        }
                    },
                    threads));
        }
        List<String> older = new ArrayList<>();
        for (int version = 1; version <= WRITES; version++) {
            near.forget(NearCaches.key("key"));
            SyncCore.of(redis).setBytes(KEYS.key("key"), bytes(String.valueOf(version)), TTL);
            near.forget(NearCaches.key("key"));

            Optional<String> read = NearCaches.read(near, "key");
            if (!read.equals(Optional.of(String.valueOf(version)))) {
                older.add(read + " after " + version);
            }
        }
        done.set(true);
        CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        System.out.printf("own writes: %,d writes, %,d hits beside them%n", WRITES, hits.get());
        assertThat(older).isEmpty();
        assertThat(hits.get()).isPositive();
    }

    /** Keeps the fetched value after a random delay, like a slow decoder. */
    private void keepLater(Fetched<String> fetched) {
        long until = System.nanoTime() + ThreadLocalRandom.current().nextInt(200_000);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        NearCaches.keep(near, fetched);
    }

    private static void each(String name, Function<String, CompletableFuture<?>> operation) throws Exception {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            all.add(operation.apply(name + i));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
    }
}
