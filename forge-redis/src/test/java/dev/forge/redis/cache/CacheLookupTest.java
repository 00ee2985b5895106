package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.CacheListener;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Look-ups whose caller loads the value itself. Two managers represent two processes. */
class CacheLookupTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RedisManager here;
    private RedisManager there;

    @BeforeEach
    void connect() {
        here = RedisManager.create(RedisSettings.of(SERVER.url()));
        there = RedisManager.create(RedisSettings.of(SERVER.url()));
        here.getSyncClient().flushall();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private static CacheBuilder<String> builder(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class);
    }

    private static Cache<String> cache(RedisManager redis) {
        return builder(redis).build();
    }

    private static CacheMiss<String> miss(CacheLookup<String> found) {
        assertThat(found).isInstanceOf(CacheMiss.class);
        return (CacheMiss<String>) found;
    }

    /** The blocking and the other form of a look-up. */
    static Stream<BiFunction<Cache<String>, String, CacheLookup<String>>> forms() {
        return Stream.of(Cache::lookup, (cache, key) -> cache.lookupAsync(key).join());
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aMissHoldsTheLeaseUntilItsValueIsStored(BiFunction<Cache<String>, String, CacheLookup<String>> form) {
        AtomicInteger loads = new AtomicInteger();
        CacheMiss<String> miss = miss(form.apply(cache(here), "1"));

        CompletableFuture<Optional<String>> waiting = cache(there).getAsync("1", key -> {
            loads.incrementAndGet();
            return Optional.of("another");
        });
        assertThat(cache(here).explain("1").state()).isEqualTo(Explanation.State.LEASE);
        assertThat(miss.store("mine")).isTrue();

        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(Optional.of("mine"));
        assertThat(loads).hasValue(0);
        assertThat(form.apply(cache(there), "1")).isEqualTo(new CacheLookup.Hit<>("mine"));
    }

    @Test
    void whoDoesNotGetTheLeaseStoresNothing() {
        CacheMiss<String> first = miss(cache(here).lookup("1"));
        CacheMiss<String> second = miss(cache(there).lookup("1"));

        assertThat(second.store("second")).isFalse();
        second.close();

        assertThat(first.store("first")).isTrue();
    }

    @Test
    void aClosedMissLeavesTheLeaseToTheNextCaller() {
        CacheMiss<String> first = miss(cache(here).lookup("1"));
        first.close();
        // Much shorter than the TTL of a lease.
        await().atMost(Duration.ofMillis(1_500))
                .until(() -> cache(here).explain("1").state() == Explanation.State.NOTHING);

        assertThat(miss(cache(there).lookup("1")).store("second")).isTrue();
        assertThat(first.store("first")).isFalse();
    }

    static Stream<Consumer<RedisManager>> changes() {
        return Stream.of(
                redis -> cache(redis).invalidate("1"),
                redis -> cache(redis).clear(),
                redis -> cache(redis).put("1", "new"),
                redis -> cache(redis).putAbsence("1"),
                redis -> cache(redis).invalidateTag("all"),
                redis -> redis.getSyncClient().del("texts::1"),
                redis -> redis.getSyncClient().set("texts::1", "anything"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aValueThatWasReadBeforeAnInvalidationIsNeverStoredAfterIt(Consumer<RedisManager> change) {
        Cache<String> cache =
                builder(here).options(value -> EntryOptions.NONE.tags("all")).build();
        CacheMiss<String> miss = miss(cache.lookup("1"));

        change.accept(there);

        assertThat(miss.store("old")).isFalse();
        assertThat(cache.getIfPresent("1")).isNotEqualTo(Optional.of("old"));
        assertThat(cache.stats().rejectedStores()).isEqualTo(1);
    }

    @Test
    void isSettledOnce() {
        Cache<String> cache = cache(here);
        CacheMiss<String> miss = miss(cache.lookup("1"));

        assertThat(miss.store("first")).isTrue();
        assertThat(miss.store("second")).isFalse();
        assertThat(miss.storeAbsence()).isFalse();
        miss.close();

        assertThat(cache.getIfPresent("1")).contains("first");
        assertThat(cache.stats().loads()).isEqualTo(1);
    }

    @Test
    void aLoadThatFailedIsCountedAndGivesItsLeaseUp() {
        List<String> notified = new ArrayList<>();
        Cache<String> cache = builder(here)
                .listener(new CacheListener() {
                    @Override
                    public void loadFailed(String key, Throwable cause) {
                        notified.add(key + ": " + cause.getMessage());
                    }
                })
                .build();
        CacheMiss<String> miss = miss(cache.lookup("1"));

        miss.loadFailed(new IllegalStateException("no source"));
        miss.loadFailed(new IllegalStateException("again"));

        assertThat(miss.store("late")).isFalse();
        assertThat(cache.stats().loads()).isEqualTo(1);
        assertThat(cache.stats().loadFailures()).isEqualTo(1);
        assertThat(cache.stats().loadTime()).isPositive();
        assertThat(notified).containsExactly("1: no source");
        await().atMost(PATIENCE).until(() -> cache.explain("1").state() == Explanation.State.NOTHING);
    }

    @Test
    void theLeaseIsRenewedWhileTheMissIsOpen() {
        CacheMiss<String> miss = miss(cache(here).lookup("1"));

        await().during(Duration.ofMillis(2_500))
                .atMost(PATIENCE)
                .until(() -> cache(there).explain("1").state() == Explanation.State.LEASE);

        assertThat(miss.store("slow")).isTrue();
    }

    @Test
    void theLeaseEndsByItselfAtTheLeaseTime() {
        Cache<String> cache = builder(here).leaseTime(Duration.ofSeconds(3)).build();
        CacheMiss<String> forgotten = miss(cache.lookup("1"));

        await().atMost(PATIENCE)
                .until(() -> cache(there).lookup("1") instanceof CacheMiss<String> miss && miss.store("another"));

        assertThat(forgotten.store("late")).isFalse();
        assertThat(cache.getIfPresent("1")).contains("another");
    }

    @Test
    void givesEachValueItsOwnTtl() {
        Cache<String> cache = builder(here)
                .ttl(Duration.ofHours(1))
                .ttlJitter(0)
                .ttlOf(value -> value.equals("short") ? Optional.of(Duration.ofSeconds(5)) : Optional.empty())
                .build();
        miss(cache.lookup("1")).store("short");
        miss(cache.lookup("2")).store("long");
        cache.put("3", "short");
        cache.get("4", key -> Optional.of("short"));
        cache.put("5", "short", EntryOptions.NONE.ttl(Duration.ofSeconds(60)));

        assertThat(ttl("1")).isBetween(1L, 5_000L);
        assertThat(ttl("2")).isBetween(3_500_000L, 3_600_000L);
        assertThat(ttl("3")).isBetween(1L, 5_000L);
        assertThat(ttl("4")).isBetween(1L, 5_000L);
        assertThat(ttl("5")).isBetween(30_000L, 60_000L);
    }

    @Test
    void returnsAValueThatHasExpiredAlreadyAndDoesNotStoreIt() {
        Cache<Duration> cache = Cache.builder(here, "expiring", Duration.class)
                .ttlOf(Optional::of)
                .build();

        for (Duration left : List.of(Duration.ZERO, Duration.ofSeconds(-5), Duration.ofNanos(900_000))) {
            assertThat(cache.get("1", key -> Optional.of(left))).contains(left);
            assertThat(cache.getIfPresent("1")).isEmpty();
        }

        cache.get("1", key -> Optional.of(Duration.ofMinutes(1)));
        assertThat(cache.getIfPresent("1")).contains(Duration.ofMinutes(1));
    }

    private long ttl(String key) {
        return here.getSyncClient().pttl("texts::" + key);
    }

    @Test
    void keepsAbsenceIfTheCacheDoes() {
        Cache<String> keeping =
                builder(here).cacheAbsence(Duration.ofMinutes(1)).build();
        assertThat(miss(keeping.lookup("1")).storeAbsence()).isTrue();
        keeping.putAbsence("2");

        assertThat(keeping.lookup("1")).isEqualTo(new CacheLookup.Absent<>());
        assertThat(keeping.peek("2")).isEqualTo(new CacheLookup.Absent<>());
        assertThat(keeping.getIfPresent("2")).isEmpty();

        Cache<String> other = cache(here);
        other.put("3", "value");
        other.putAbsence("3");
        assertThat(miss(other.lookup("3")).storeAbsence()).isFalse();
        assertThat(other.explain("3").state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void waitsForALoadAsLongAsItTakes() {
        CacheMiss<String> miss = miss(cache(there).lookup("1"));

        CompletableFuture<CacheLookup<String>> waiting =
                cache(here).lookupAsync("1", LookupOptions.NONE.waitingFor(RedisManager.NO_EXPIRY));
        miss.store("theirs");

        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo(new CacheLookup.Hit<>("theirs"));
    }

    @Test
    void countsACachedAbsenceAsAHit() {
        Cache<String> cache = builder(here).cacheAbsence(Duration.ofMinutes(1)).build();
        cache.putAbsence("1");

        cache.lookup("1");
        cache.peek("1");
        cache.getIfPresent("1");
        cache.get("1", key -> Optional.empty());

        assertThat(cache.stats().hits()).isEqualTo(4);
        assertThat(cache.stats().misses()).isZero();
    }

    @Test
    void peekTakesNoLease() {
        Cache<String> cache = cache(here);

        assertThat(miss(cache.peek("1")).store("value")).isFalse();
        assertThat(cache.explain("1").state()).isEqualTo(Explanation.State.NOTHING);

        cache.put("1", "value");
        assertThat(cache.peek("1")).isEqualTo(new CacheLookup.Hit<>("value"));
    }

    @Test
    void anAsyncMissCompletesWhereItsLoadMayBlock() {
        Cache<String> cache = cache(here);
        List<CompletableFuture<String>> loads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            loads.add(cache.lookupAsync("a" + i).thenApply(this::blockingLoad));
            loads.add(cache.peekAsync("b" + i).thenApply(this::blockingLoad));
        }

        assertThat(loads).allSatisfy(load -> assertThat(load).succeedsWithin(Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anAsyncMissWithoutAThreadFailsAndLeavesNoLease(Executor refusing) {
        Cache<String> cache = builder(here).executor(refusing).build();

        assertThat(cache.lookupAsync("1"))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .havingRootCause()
                .withMessage("refused");

        // Much shorter than the TTL of a lease.
        await().atMost(Duration.ofMillis(1_500)).until(() -> cache.explain("1").state() == Explanation.State.NOTHING);
    }

    static Stream<Executor> refusals() {
        return Stream.of(
                task -> {
                    throw new RejectedExecutionException("refused");
                },
                task -> {
                    throw new IllegalStateException("refused");
                },
                task -> {
                    throw new OutOfMemoryError("refused");
                });
    }

    private String blockingLoad(CacheLookup<String> found) {
        miss(found).close();
        return here.getSync("other").orElse("");
    }

    @Test
    void oneCallerReplacesAStaleValueAndOthersAreServedIt() {
        Cache<String> cache = builder(here).staleFor(Duration.ofMinutes(1)).build();
        cache.put("1", "old");
        here.getSyncClient().pexpire("texts::1", 30_000);

        CacheMiss<String> failing = miss(cache.lookup("1"));
        assertThat(cache.lookup("1")).isEqualTo(new CacheLookup.Hit<>("old"));
        failing.close();

        // For a second after the failure nobody tries again.
        assertThat(cache.lookup("1")).isEqualTo(new CacheLookup.Hit<>("old"));
        await().atMost(PATIENCE).until(() -> cache.lookup("1") instanceof CacheMiss<String> next && next.store("new"));
        assertThat(cache.lookup("1")).isEqualTo(new CacheLookup.Hit<>("new"));
    }

    @Test
    void aNearCacheKeepsWhatALookUpFindsAndForgetsItWithTheKey() {
        Cache<String> cache = builder(here).nearCache(10).build();
        miss(cache.lookup("1")).store("value");
        await().atMost(PATIENCE).until(() -> {
            CacheLookup<String> found = cache.lookup("1");
            return found.equals(new CacheLookup.Hit<>("value")) && cache.stats().nearHits() > 0;
        });

        cache.invalidate("1");

        assertThat(cache.lookup("1")).isInstanceOf(CacheMiss.class);
    }

    @Test
    void isAMissThatStoresNothingWhileRedisIsAway() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = cache(redis);
            cache.put("1", "old");
            CacheMiss<String> open = miss(cache.lookup("2"));
            server.kill();

            assertThat(open.store("value")).isFalse();
            assertThat(miss(cache.lookup("1")).store("value")).isFalse();
            miss(cache.lookupAsync("1").join()).close();
            assertThat(miss(cache.peek("1")).storeAbsence()).isFalse();
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.putAbsence("1"));

            server.restart();
            assertThat(cache.get("1", key -> Optional.of("new"))).contains("new");
        }
    }

    @Test
    void countsTheLoadOfTheCaller() {
        Cache<String> cache = cache(here);
        miss(cache.lookup("1")).store("value");
        cache.lookup("1");

        assertThat(cache.stats().misses()).isEqualTo(1);
        assertThat(cache.stats().loads()).isEqualTo(1);
        assertThat(cache.stats().hits()).isEqualTo(1);
    }
}
