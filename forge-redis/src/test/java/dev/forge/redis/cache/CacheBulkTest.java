package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bulk look-ups, beside other callers of some of the keys. Two managers represent two processes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CacheBulkTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final int MANY = 50_000;

    private RedisManager here;
    private RedisManager there;

    @BeforeEach
    void connect() {
        here = RedisManager.create(RedisSettings.of(SERVER.url()));
        there = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static CacheBuilder<String> builder(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class);
    }

    private static Map<String, String> valuesOf(Collection<String> keys) {
        Map<String, String> values = new HashMap<>();
        keys.forEach(key -> values.put(key, "value of " + key));
        return values;
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "key " + i).toList();
    }

    @Test
    void loadsItsOwnKeysBeforeItWaitsForOthers() throws Exception {
        Cache<String> one = builder(here).build();
        Cache<String> other = builder(there).build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> elsewhere = one.getAsync("a", key -> {
            loading.countDown();
            release.await();
            return Optional.of("a of another");
        });
        loading.await();

        CountDownLatch loadingBoth = new CountDownLatch(1);
        CompletableFuture<Map<String, String>> both = other.getAllAsync(List.of("a", "b"), keys -> {
            loadingBoth.countDown();
            return valuesOf(keys);
        });

        Promises.await(loadingBoth);
        // Both processes can read b: it is loaded and stored while this call still waits for a.
        assertThat(other.getAsync("b", key -> Optional.of("loaded twice"))).succeedsWithin(Duration.ofSeconds(5));
        await().atMost(Duration.ofSeconds(5)).until(() -> one.getIfPresent("b").equals(Optional.of("value of b")));
        assertThat(both).isNotDone();
        release.countDown();
        assertThat(both.get()).isEqualTo(Map.of("a", "a of another", "b", "value of b"));
        assertThat(elsewhere.get()).contains("a of another");
        assertThat(other.stats().loads()).isEqualTo(1);
    }

    @Test
    void loadsKeysThatAnotherCallerFailedToLoad() throws Exception {
        for (RedisManager redis : List.of(here, there)) {
            Cache<String> failing = builder(here).build();
            Cache<String> waiting =
                    redis.equals(here) ? failing : builder(there).build();
            String key = redis.equals(here) ? "in this process" : "elsewhere";
            CountDownLatch loading = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Map<String, String>> failed = failing.getAllAsync(List.of(key), keys -> {
                loading.countDown();
                release.await();
                throw new IllegalStateException("the database is away");
            });
            loading.await();
            CompletableFuture<Map<String, String>> second = waiting.getAllAsync(List.of(key), CacheBulkTest::valuesOf);
            await().until(() -> waiting.stats().joins() + waiting.stats().waits() == 1);

            release.countDown();

            assertThat(second.get()).isEqualTo(Map.of(key, "value of " + key));
            assertThat(failed).isCompletedExceptionally();
        }
    }

    @Test
    void loadsEachKeyOnceForOverlappingCallsInAnyOrder() throws Exception {
        List<Cache<String>> caches =
                List.of(builder(here).build(), builder(there).build());
        ExecutorService callers = Executors.newFixedThreadPool(8);
        long seed = Long.getLong("forge.promises.seed", System.nanoTime());
        for (int round = 0; round < Promises.count(5, 50); round++) {
            Map<String, AtomicInteger> loads = new ConcurrentHashMap<>();
            List<String> keys = keys(300, "round " + round);
            List<Future<Map<String, String>>> all = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                List<String> shuffled = new ArrayList<>(keys);
                Collections.shuffle(shuffled, new Random(seed + caller));
                Cache<String> cache = caches.get(caller % 2);
                all.add(callers.submit(() -> cache.getAll(shuffled, missing -> {
                    missing.forEach(key -> loads.computeIfAbsent(key, none -> new AtomicInteger())
                            .incrementAndGet());
                    return valuesOf(missing);
                })));
            }

            for (Future<Map<String, String>> one : all) {
                assertThat(one.get()).isEqualTo(valuesOf(keys));
            }
            assertThat(loads)
                    .as("seed %d", seed)
                    .hasSize(300)
                    .allSatisfy((key, count) -> assertThat(count).hasValue(1));
        }
        callers.shutdown();
    }

    private static List<String> keys(int count, String prefix) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "/" + i).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loadsAndStoresEachOfFiftyThousandKeysOnce(boolean near) {
        CacheBuilder<String> builder = builder(here);
        Cache<String> cache = (near ? builder.nearCache(2 * MANY) : builder).build();
        Cache<String> other = builder(there).build();
        List<String> loaded = new CopyOnWriteArrayList<>();
        BulkLoader<String> loader = missing -> {
            loaded.addAll(missing);
            return valuesOf(missing);
        };

        assertThat(cache.getAll(keys(MANY), loader)).isEqualTo(valuesOf(keys(MANY)));

        assertThat(other.getAll(keys(MANY), loader)).isEqualTo(valuesOf(keys(MANY)));
        assertThat(cache.getAllAsync(keys(MANY), loader).join()).hasSize(MANY);
        assertThat(new HashSet<>(loaded).size()).isEqualTo(MANY);
        // A machine that pauses for longer than the TTL of a lease loses some leases.
        assertThat((long) loaded.size())
                .isBetween(
                        (long) MANY,
                        MANY + cache.stats().rejectedStores() + other.stats().rejectedStores());
        assertThat(cache.stats().redisFailures() + other.stats().redisFailures())
                .isZero();
    }

    @Test
    void storesFiftyThousandKeysWithoutClearingTheCache() {
        Cache<String> cache = builder(here).build();
        cache.put("kept", "value");

        cache.putAll(valuesOf(keys(MANY)));

        assertThat(SERVER.server().command("DBSIZE")).isEqualTo(Integer.toString(MANY + 1));
        assertThat(cache.stats().pendingInvalidations()).isZero();
        assertThat(cache.invalidate(keys(MANY).toArray(String[]::new))).isEqualTo(MANY);
    }

    @Test
    void storesTheOtherValuesWhenOneCannotBeEncoded() {
        Cache<String> cache = builder(here).largestValue(100).build();
        Map<String, String> values = valuesOf(keys(3_000));
        values.put("large", "x".repeat(200));

        assertThatThrownBy(() -> cache.putAll(values)).hasMessageContaining("largestValue");

        assertThat(SERVER.server().command("DBSIZE")).isEqualTo("3000");
    }

    @Test
    void renewsALeaseFromTheMomentItIsTaken() {
        LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        Cache<String> cache = builder(here).executor(queue::add).build();
        CompletableFuture<Map<String, String>> many = cache.getAllAsync(List.of("a", "b"), CacheBulkTest::valuesOf);
        CompletableFuture<Optional<String>> one = cache.getAsync("c", Optional::of);
        await().until(() -> queue.size() == 2);

        // The loads have not begun yet, and do not begin before the TTL of a lease has passed.
        Cache<String> other = builder(there).build();
        await().pollDelay(Leases.TTL.plusMillis(500)).until(() -> true);
        assertThat(List.of("a", "b", "c"))
                .allSatisfy(key -> assertThat(other.explain(key).state()).isEqualTo(Explanation.State.LEASE));

        queue.forEach(Runnable::run);
        assertThat(many).succeedsWithin(Promises.PATIENCE);
        assertThat(one).succeedsWithin(Promises.PATIENCE);
        assertThat(cache.stats().rejectedStores()).isZero();
    }

    @Test
    void leavesNoLeaseWhenTheExecutorRejectsTheLoad() {
        Cache<String> cache = builder(here)
                .executor(task -> {
                    throw new RejectedExecutionException("no room");
                })
                .build();

        Throwable many = catchThrowable(
                () -> cache.getAllAsync(keys(100), CacheBulkTest::valuesOf).join());
        Throwable one = catchThrowable(() -> cache.getAsync("one", Optional::of).join());

        assertThat(many).hasRootCauseMessage("no room");
        assertThat(one).hasRootCauseMessage("no room");
        assertNoLease();
    }

    /** The caller is interrupted at each of its waits in turn. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void leavesNoLeaseWhenTheCallerIsInterrupted(int step) {
        CacheBuilder<String> builder = builder(here).options(value -> EntryOptions.NONE.tags("all"));
        AtomicInteger steps = new AtomicInteger();
        Lookup.Awaiting awaiting = new Lookup.Awaiting() {
            @Override
            public <T> T await(CompletableFuture<T> future) {
                T done = future.join();
                if (steps.incrementAndGet() == step) {
                    throw new IllegalStateException("interrupted");
                }
                return done;
            }
        };
        CacheParts<String> parts = new CacheParts<>(CoreAccess.coreOf(here), new CacheOptions<>(builder), awaiting);
        BulkLookup<String> bulk = new BulkLookup<>(parts);

        assertThatThrownBy(() -> bulk.getAll(keys(100), CacheBulkTest::valuesOf))
                .hasMessage("interrupted");

        assertNoLease();
        assertThat(keys(100)).allMatch(key -> parts.flights.current("texts::" + key) == null);
    }

    @Test
    void leavesNoLeaseWhenAnyThrowableIsThrown() {
        AtomicReference<Error> thrown = new AtomicReference<>(new StackOverflowError("deep"));
        Cache<String> cache = builder(here)
                .options(value -> {
                    throw thrown.get();
                })
                .build();

        assertThatThrownBy(() -> cache.get("one", Optional::of)).hasStackTraceContaining("deep");
        assertThatThrownBy(() -> cache.getAsync("one", Optional::of).join()).hasStackTraceContaining("deep");
        assertThatThrownBy(() -> cache.getAll(keys(100), CacheBulkTest::valuesOf))
                .hasStackTraceContaining("deep");
        assertThatThrownBy(() ->
                        cache.getAllAsync(keys(100), CacheBulkTest::valuesOf).join())
                .hasStackTraceContaining("deep");
        assertThatThrownBy(() -> builder(here).build().getAll(keys(100), keys -> {
                    throw new StackOverflowError("deeper");
                }))
                .isInstanceOf(StackOverflowError.class);

        assertNoLease();
    }

    /** Waits for less than the TTL of a lease, two seconds, so that a lease left behind is seen. */
    private void assertNoLease() {
        List<String> redisKeys = Stream.concat(keys(100).stream(), Stream.of("one"))
                .map(new Keyspace("texts")::key)
                .toList();
        await().atMost(Duration.ofMillis(1_500))
                .until(() -> SyncCore.of(there).getAllBytes(redisKeys).stream()
                        .noneMatch(bytes -> bytes.isPresent() && Entry.decode(bytes.get()) instanceof Entry.Lease));
    }

    @Test
    void takesOverALeaseFromBeforeTheClockOfTheServerWasSetBack() {
        Cache<String> cache = connected();
        putLease("texts::1", 5_000, Duration.ofMinutes(10));

        assertThat(cache.get("1", key -> Optional.of("mine"))).contains("mine");

        assertThat(cache.stats().waits()).isZero();
        assertThat(cache.getIfPresent("1")).contains("mine");
    }

    @Test
    void waitsForALeaseThatASmallStepOfTheClockMadeLonger() {
        Cache<String> cache = connected();
        putLease("texts::1", 3_900, Duration.ofSeconds(2));

        assertThat(cache.get("1", key -> Optional.of("mine"))).contains("mine");

        assertThat(cache.stats().waits()).isEqualTo(1);
    }

    /** Returns a cache; from now on both managers are connected, so that a lease is written and read at once. */
    private Cache<String> connected() {
        Cache<String> cache = builder(here).build();
        cache.getIfPresent("1");
        SyncCore.of(there).getAllBytes(List.of("texts::1"));
        return cache;
    }

    /** Writes a lease that ends {@code millis} from now, and that Redis removes after {@code ttl}. */
    private void putLease(String redisKey, long millis, Duration ttl) {
        byte[] lease = Leased.entry(Entry.newToken(), System.currentTimeMillis() + millis, 0, new byte[0]);
        SyncCore.of(there).setBytes(redisKey, lease, ttl);
    }
}
