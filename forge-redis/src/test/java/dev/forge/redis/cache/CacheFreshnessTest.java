package dev.forge.redis.cache;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.cache.observe.CacheListener;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CacheFreshnessTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private CacheBuilder<String> staling() {
        return staling(redis);
    }

    private static CacheBuilder<String> staling(RedisManager of) {
        return Cache.builder(of, "texts", String.class)
                .ttl(Duration.ofMillis(50))
                .ttlJitter(0)
                .staleFor(Duration.ofMinutes(1));
    }

    private void awaitStale(Cache<String> cache, String key) {
        await().atMost(PATIENCE).until(() -> cache.getIfPresent(key).isEmpty());
    }

    @Test
    void servesTheStaleValueWhileItIsLoadedAgain() throws Exception {
        Cache<String> cache = staling().build();
        cache.put("1", "old");
        awaitStale(cache, "1");
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        Loader<String> slow = key -> {
            loads.incrementAndGet();
            release.await();
            return Optional.of("new");
        };

        for (int i = 0; i < 20; i++) {
            assertThat(cache.get("1", slow)).contains("old");
            assertThat(cache.getAsync("1", slow).get()).contains("old");
            assertThat(cache.getAll(List.of("1"), keys -> Map.of("1", "new"))).containsEntry("1", "old");
        }
        release.countDown();

        await().atMost(PATIENCE)
                .until(() -> cache.get("1", key -> Optional.of("newer")).equals(Optional.of("new")) || loads.get() > 1);
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().stale()).isGreaterThanOrEqualTo(60);
    }

    @Test
    void waitsForTheSoftTimeoutBeforeServingTheStaleValue() {
        Cache<String> cache = staling().softTimeout(Duration.ofSeconds(5)).build();
        cache.put("1", "old");
        awaitStale(cache, "1");

        assertThat(cache.get("1", key -> Optional.of("new"))).contains("new");

        awaitStale(cache, "1");
        assertThat(cache.get("1", key -> {
                    throw new IllegalStateException("the database is away");
                }))
                .contains("new");
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
    }

    /** Each run may hold a thread, and no caller waits for it and so slows down. */
    @Test
    void beginsNoMoreRefreshesWhileManyLoadersHang() throws Exception {
        Cache<String> cache = staling().leaseTime(Duration.ofMillis(200)).build();
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
        cache.putAll(keys.stream().collect(toMap(key -> key, key -> "old")));
        awaitStale(cache, "k99");
        CountDownLatch source = new CountDownLatch(1);
        AtomicInteger hanging = new AtomicInteger();
        Loader<String> loader = key -> {
            hanging.incrementAndGet();
            source.await();
            return Optional.of("new");
        };
        keys.forEach(key -> cache.get(key, loader));
        // On a slow machine no more begin from here on.
        await().atMost(PATIENCE).until(() -> hanging.get() >= 64);

        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        keys.forEach(key -> assertThat(cache.get(key, loader)).contains("old")));

        // Some leases end before the others, and their values are loaded once more.
        assertThat(hanging.get()).isLessThan(200);
        source.countDown();
        await().atMost(PATIENCE).until(() -> cache.get("k0", loader).equals(Optional.of("new")));
    }

    /** It holds one thread, however many keys it has. */
    @Test
    void refreshesOtherKeysWhileOneLoadOfManyIsSlow() throws Exception {
        Cache<String> cache = staling().leaseTime(Duration.ofMillis(200)).build();
        List<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).toList();
        cache.putAll(keys.stream().collect(toMap(key -> key, key -> "old")));
        cache.put("other", "old");
        awaitStale(cache, "other");
        CountDownLatch source = new CountDownLatch(1);
        BulkLoader<String> slow = missing -> {
            source.await();
            return Map.of();
        };
        assertThat(cache.getAll(keys, slow)).hasSize(100);
        await().during(Duration.ofMillis(600)).atMost(PATIENCE).until(() -> source.getCount() == 1);

        AtomicInteger loads = new AtomicInteger();
        try {
            await().atMost(PATIENCE).until(() -> {
                cache.get("other", key -> Optional.of("new" + loads.incrementAndGet()));
                return loads.get() > 0;
            });
        } finally {
            source.countDown();
        }
    }

    @Test
    void callersOfTwoProcessesWaitForOneFreshValue() throws Exception {
        try (RedisManager other = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Cache<String> first = staling().ttl(PATIENCE).softTimeout(PATIENCE).build();
            Cache<String> second =
                    staling(other).ttl(PATIENCE).softTimeout(PATIENCE).build();
            first.put("1", "old", EntryOptions.NONE.ttl(Duration.ofMillis(50)));
            awaitStale(second, "1");
            CountDownLatch release = new CountDownLatch(1);
            AtomicInteger loads = new AtomicInteger();
            Loader<String> slow = key -> {
                loads.incrementAndGet();
                release.await();
                return Optional.of("new");
            };

            CompletableFuture<Optional<String>> one = first.getAsync("1", slow);
            await().until(() -> loads.get() == 1);
            CompletableFuture<Optional<String>> another = second.getAsync("1", slow);
            // Until the lease has been renewed, which changes the key, and beyond the TTL with which it was granted.
            await().pollDelay(Duration.ofMillis(2_500)).until(() -> true);
            release.countDown();

            assertThat(one.get()).contains("new");
            assertThat(another.get()).contains("new");
            assertThat(loads).hasValue(1);
        }
    }

    @Test
    void waitsForTheFreshValueOfAnotherProcessAfterABulkLookUpToo() throws Exception {
        try (RedisManager other = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            Cache<String> first = staling().ttl(PATIENCE).softTimeout(PATIENCE).build();
            Cache<String> second =
                    staling(other).ttl(PATIENCE).softTimeout(PATIENCE).build();
            first.put("1", "old", EntryOptions.NONE.ttl(Duration.ofMillis(50)));
            awaitStale(second, "1");
            CountDownLatch release = new CountDownLatch(1);
            CompletableFuture<Optional<String>> one = first.getAsync("1", key -> {
                release.await();
                return Optional.of("new");
            });
            await().until(() -> second.explain("1").state() == Explanation.State.LEASE_BESIDE_VALUE);
            assertThat(second.getAll(List.of("1"), keys -> Map.of("1", "newer")))
                    .containsEntry("1", "old");

            CompletableFuture<Optional<String>> another = second.getAsync("1", key -> Optional.of("newer"));
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            release.countDown();

            assertThat(one.get()).contains("new");
            assertThat(another.get()).contains("new");
        }
    }

    @Test
    void aLookUpAfterAChangeDoesNotWaitForWhatWasLoadedBefore() throws Exception {
        Cache<String> cache = staling().softTimeout(PATIENCE).build();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> before = refreshing(cache, release);

        cache.put("1", "new");
        awaitStale(cache, "1");

        assertThat(cache.get("1", key -> Optional.of("newer"))).contains("newer");
        release.countDown();
        assertThat(before.get()).isPresent();
    }

    @Test
    void aLookUpAfterAChangeOfAnotherProcessGetsNothingThatWasLoadedBefore() throws Exception {
        Cache<String> cache = staling().softTimeout(Duration.ofSeconds(1)).build();
        CountDownLatch release = new CountDownLatch(1);
        assertThat(refreshing(cache, release).get()).contains("oldest");

        try (RedisManager other = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            staling(other).build().put("1", "new");
        }
        awaitStale(cache, "1");
        CompletableFuture<Optional<String>> after = cache.getAsync("1", key -> Optional.of("newer"));
        release.countDown();

        assertThat(after.get()).get().isIn("new", "newer");
    }

    /** Begins to refresh a stale value; the load returns an old one once it is released. */
    private CompletableFuture<Optional<String>> refreshing(Cache<String> cache, CountDownLatch release) {
        cache.put("1", "oldest");
        awaitStale(cache, "1");
        CompletableFuture<Optional<String>> waiting = cache.getAsync("1", key -> {
            release.await();
            return Optional.of("old");
        });
        await().until(() -> cache.explain("1").state() == Explanation.State.LEASE_BESIDE_VALUE);
        return waiting;
    }

    @Test
    void servesTheStaleValueAndPausesAfterAFailedLoad() {
        Cache<String> cache = staling().build();
        cache.put("1", "old");
        awaitStale(cache, "1");
        AtomicInteger loads = new AtomicInteger();
        Loader<String> failing = key -> {
            loads.incrementAndGet();
            throw new IllegalStateException("the database is away");
        };

        await().atMost(PATIENCE).until(() -> {
            assertThat(cache.get("1", failing)).contains("old");
            return loads.get() > 0;
        });
        for (int i = 0; i < 50; i++) {
            assertThat(cache.get("1", failing)).contains("old");
        }

        assertThat(loads.get()).isLessThanOrEqualTo(2);
        assertThat(cache.explain("1").state()).isEqualTo(Explanation.State.LEASE_BESIDE_VALUE);
    }

    @Test
    void refreshesTheStaleValuesOfABulkByOneLoad() {
        Cache<String> cache = staling().ttl(Duration.ofMinutes(5)).build();
        List<String> keys = staleKeys(cache, 500);
        List<Set<String>> loads = new CopyOnWriteArrayList<>();

        assertThat(cache.getAll(keys, missing -> {
                    loads.add(Set.copyOf(missing));
                    return missing.stream().filter(key -> !key.equals("k0")).collect(toMap(key -> key, key -> "new"));
                }))
                .hasSize(500)
                .containsValue("old")
                .doesNotContainValue("new");

        await().atMost(PATIENCE).until(() -> cache.getIfPresent("k499").equals(Optional.of("new")));
        await().atMost(PATIENCE).until(() -> cache.explain("k0").state() == Explanation.State.NOTHING);
        assertThat(cache.getAll(keys, missing -> Map.of())).hasSize(499).doesNotContainValue("old");
        assertThat(loads).containsExactly(Set.copyOf(keys));
        assertThat(cache.stats().loads()).isEqualTo(2);
    }

    @Test
    void pausesAfterTheRefreshOfABulkFailed() {
        Cache<String> cache = staling().ttl(Duration.ofMinutes(5)).build();
        List<String> keys = staleKeys(cache, 20);
        AtomicInteger loads = new AtomicInteger();
        BulkLoader<String> failing = missing -> {
            loads.incrementAndGet();
            throw new IllegalStateException("the database is away");
        };

        for (int i = 0; i < 20; i++) {
            assertThat(cache.getAll(keys, failing)).hasSize(20);
        }

        await().until(() -> loads.get() > 0);
        assertThat(loads.get()).isLessThanOrEqualTo(2);
        assertThat(cache.explain("k0").state()).isEqualTo(Explanation.State.LEASE_BESIDE_VALUE);
        await().atMost(PATIENCE)
                .until(() -> cache.getAll(keys, missing -> missing.stream().collect(toMap(key -> key, key -> "new")))
                        .equals(keys.stream().collect(toMap(key -> key, key -> "new"))));
    }

    private List<String> staleKeys(Cache<String> cache, int number) {
        List<String> keys =
                IntStream.range(0, number).mapToObj(each -> "k" + each).toList();
        keys.forEach(key -> cache.put(key, "old", EntryOptions.NONE.ttl(Duration.ofMillis(50))));
        awaitStale(cache, keys.get(number - 1));
        return keys;
    }

    @Test
    void servesNoStaleValueThatTheSourceHasNoLonger() {
        Cache<String> cache = staling().build();
        for (String key : List.of("single", "bulk", "lookup")) {
            cache.put(key, "old");
            awaitStale(cache, key);
        }

        assertThat(cache.get("single", key -> Optional.empty())).contains("old");
        assertThat(cache.getAll(List.of("bulk"), keys -> Map.of())).containsEntry("bulk", "old");
        ((CacheMiss<String>) cache.lookup("lookup")).storeAbsence();

        for (String key : List.of("single", "bulk", "lookup")) {
            await().atMost(PATIENCE).until(() -> cache.explain(key).state() == Explanation.State.NOTHING);
            assertThat(cache.get(key, same -> Optional.empty())).isEmpty();
        }
    }

    @Test
    void servesNoStaleValueInPlaceOfOneThatIsNotStored() {
        Cache<String> cache = staling().largestValue(10).build();
        cache.put("1", "old");
        awaitStale(cache, "1");

        assertThat(cache.get("1", key -> Optional.of("new and too large"))).contains("old");

        await().atMost(PATIENCE).until(() -> cache.explain("1").state() == Explanation.State.NOTHING);
        assertThat(cache.get("1", key -> Optional.of("new and too large"))).contains("new and too large");
    }

    @Test
    void neverServesTheStaleValueAfterAnInvalidation() {
        Cache<String> cache = staling().build();
        cache.put("1", "old");
        awaitStale(cache, "1");

        cache.invalidate("1");

        assertThat(cache.get("1", key -> Optional.of("new"))).contains("new");
    }

    @Test
    void storesNoRefreshThatBeganBeforeAnInvalidation() throws Exception {
        Cache<String> cache = staling().build();
        cache.put("1", "old");
        awaitStale(cache, "1");
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        Cache<String> listening = staling()
                .listener(new CacheListener() {
                    @Override
                    public void storeRejected(String key) {
                        refused.countDown();
                    }
                })
                .build();
        assertThat(listening.get("1", key -> {
                    loading.countDown();
                    release.await();
                    return Optional.of("read before the invalidation");
                }))
                .contains("old");
        loading.await();

        redis.getSyncClient().del("texts::1");
        release.countDown();
        refused.await();

        assertThat(listening.get("1", key -> Optional.of("new"))).contains("new");
    }

    @Test
    void keepsTheLeaseOfARefreshAfterTheStaleValueExpires() throws Exception {
        Cache<String> cache = staling().staleFor(Duration.ofSeconds(2)).build();
        cache.put("1", "old");
        awaitStale(cache, "1");
        CountDownLatch release = new CountDownLatch(1);
        assertThat(cache.get("1", key -> {
                    Promises.await(release);
                    return Optional.of("new");
                }))
                .contains("old");
        // Until the old value would have expired.
        await().pollDelay(Duration.ofMillis(2_200)).atMost(PATIENCE).until(() -> true);

        CompletableFuture<Optional<String>> waiting = cache.getAsync("1", key -> Optional.of("loaded twice"));
        release.countDown();

        assertThat(waiting.get()).contains("new");
    }

    @Test
    void refreshesSlowLoadsEarly() {
        AtomicInteger loads = new AtomicInteger();
        Cache<String> cache = Cache.builder(redis, "early", String.class)
                .ttl(Duration.ofSeconds(30))
                .earlyRefresh()
                .build();
        Loader<String> slow = key -> {
            CompletableFuture<Void> time = new CompletableFuture<>();
            time.completeOnTimeout(null, 1_500, TimeUnit.MILLISECONDS).join();
            return Optional.of("value " + loads.incrementAndGet());
        };
        assertThat(cache.get("1", slow)).contains("value 1");
        // Most of its TTL is over.
        redis.getSyncClient().pexpire("early::1", 5_000);

        await().atMost(PATIENCE).until(() -> cache.get("1", slow).equals(Optional.of("value 2")));

        assertThat(cache.stats().earlyRefreshes()).isPositive();
        assertThat(cache.stats().misses()).isEqualTo(1);
    }

    @Test
    void expiresValuesStoredTogetherAtDifferentTimes() {
        Cache<String> cache = Cache.builder(redis, "spread", String.class)
                .ttl(Duration.ofSeconds(1_000))
                .ttlJitter(0.5)
                .build();
        for (int i = 0; i < 50; i++) {
            cache.put("" + i, "value");
        }

        List<Long> ttls = IntStream.range(0, 50)
                .mapToObj(i -> SyncCore.of(redis).pttl("spread::" + i))
                .toList();
        assertThat(ttls).allMatch(ttl -> ttl > 490_000 && ttl <= 1_000_000);
        assertThat(ttls.stream().mapToLong(ttl -> ttl).max().getAsLong()
                        - ttls.stream().mapToLong(ttl -> ttl).min().getAsLong())
                .isGreaterThan(200_000);
    }

    @Test
    void appliesTheOptionsOfAValue() {
        Cache<String> cache = Cache.builder(redis, "own", String.class)
                .ttl(Duration.ofMinutes(5))
                .ttlJitter(0)
                .options(value ->
                        value.equals("short") ? EntryOptions.NONE.ttl(Duration.ofSeconds(5)) : EntryOptions.NONE)
                .build();

        cache.get("1", key -> Optional.of("short"));
        cache.get("2", key -> Optional.of("long"));
        cache.put("3", "short");
        cache.put("4", "long", EntryOptions.NONE.ttl(Duration.ofSeconds(5)));

        assertThat(SyncCore.of(redis).pttl("own::1")).isBetween(1L, 5_000L);
        assertThat(SyncCore.of(redis).pttl("own::2")).isBetween(200_000L, 300_000L);
        assertThat(SyncCore.of(redis).pttl("own::3")).isBetween(1L, 5_000L);
        assertThat(SyncCore.of(redis).pttl("own::4")).isBetween(1L, 5_000L);
    }

    @Test
    void refusesASoftTimeoutWithoutStaleFor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cache.builder(redis, "texts", String.class)
                        .softTimeout(Duration.ofSeconds(1))
                        .build())
                .withMessageContaining("softTimeout needs staleFor");
    }
}
