package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.Stalls;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.CodecException;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.cache.Entry;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fences of transactions that change keys. Two managers represent two processes. */
class CacheFenceTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final List<String> KEY = List.of("1");

    private static RedisManager here;
    private static RedisManager there;

    @BeforeAll
    static void connect() {
        here = RedisManager.create(RedisSettings.of(SERVER.url()));
        there = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterAll
    static void close() {
        here.close();
        there.close();
    }

    @BeforeEach
    void empty() {
        here.getSyncClient().flushall();
    }

    private static CacheBuilder<String> builder(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class)
                .ttl(Duration.ofMinutes(10))
                .cacheAbsence(Duration.ofMinutes(1));
    }

    private static Cache<String> cache(RedisManager redis) {
        return builder(redis).build();
    }

    private static Explanation.State state() {
        return cache(here).explain("1").state();
    }

    @Test
    void besideAFenceLookUpsLoadAndStoreNothing() {
        cache(here).put("1", "old");
        cache(here).put("2", "other");

        CacheFence<String> fence = cache(here).fence(KEY);

        assertThat(fence.failure()).isEmpty();
        Cache<String> elsewhere = cache(there);
        assertThat(elsewhere.get("1", key -> Optional.of("loaded"))).contains("loaded");
        assertThat(elsewhere.getAsync("1", key -> Optional.of("loaded")))
                .succeedsWithin(PATIENCE)
                .isEqualTo(Optional.of("loaded"));
        assertThat(elsewhere.getAll(List.of("1", "2"), keys -> Map.of("1", "loaded" + keys)))
                .containsExactlyInAnyOrderEntriesOf(Map.of("1", "loaded[1]", "2", "other"));
        assertThat(elsewhere.getIfPresent("1")).isEmpty();
        assertThat(elsewhere.peek("1")).isInstanceOf(CacheMiss.class);
        assertThat(elsewhere.lookup("1")).isInstanceOfSatisfying(CacheMiss.class, miss -> {
            @SuppressWarnings("unchecked")
            CacheMiss<String> mine = miss;
            assertThat(mine.store("loaded")).isFalse();
        });
        assertThat(state()).isEqualTo(Explanation.State.FENCE);
        assertThat(elsewhere.stats().unreadable()).isZero();
        fence.commit();
        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void aLeaseEndsWithTheFence() {
        CacheMiss<String> miss = (CacheMiss<String>) cache(there).lookup("1");

        try (CacheFence<String> fence = cache(here).fence(KEY)) {
            assertThat(fence.failure()).isEmpty();
            assertThat(miss.store("old")).isFalse();
        }

        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void theOldValueReturnsAfterARollBackWithItsTtl() {
        cache(here).put("1", "old");
        cache(here).put("2", "without end", EntryOptions.NONE.ttl(dev.forge.redis.settings.Ttl.NO_EXPIRY));

        cache(here).fence(List.of("1", "2")).rollBack();

        assertThat(cache(there).getIfPresent("1")).contains("old");
        assertThat(here.getSyncClient().pttl("texts::1")).isBetween(500_000L, 600_000L);
        assertThat(cache(there).getIfPresent("2")).contains("without end");
        assertThat(here.getSyncClient().pttl("texts::2")).isEqualTo(-1);
    }

    @Test
    void theOldValueReturnsOnlyIfAllWereRolledBack() {
        for (boolean firstCommits : List.of(false, true)) {
            cache(here).put("1", "old");
            CacheFence<String> first = cache(here).fence(KEY);
            CacheFence<String> second = cache(there).fence(KEY);

            if (firstCommits) {
                first.commit();
            } else {
                first.rollBack();
            }

            assertThat(state()).isEqualTo(Explanation.State.FENCE);
            second.rollBack();
            assertThat(cache(there).getIfPresent("1")).isEqualTo(firstCommits ? Optional.empty() : Optional.of("old"));
        }
    }

    @Test
    void aValueIsStoredAfterTheCommit() {
        cache(here).put("1", "old");

        CacheFence<String> fence = cache(here).fence(List.of("1", "2"));

        assertThat(fence.store("1", "new")).isTrue();
        assertThat(fence.storeAbsence("2")).isTrue();
        assertThat(fence.store("3", "not fenced")).isFalse();
        fence.commit();
        assertThat(cache(there).getIfPresent("1")).contains("new");
        assertThat(cache(there).peek("2")).isEqualTo(new CacheLookup.Absent<>());
        assertThat(fence.store("1", "twice")).isFalse();
    }

    static Stream<Consumer<Cache<String>>> changes() {
        return Stream.of(
                cache -> cache.invalidate("1"),
                cache -> cache.fence(KEY).commit(),
                cache -> cache.fence(KEY).rollBack(),
                Cache::clear,
                cache -> here.getSyncClient().del("texts::1"),
                cache -> cache.put("1", "of another"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void noValueIsStoredIfTheKeyWasChangedMeanwhile(Consumer<Cache<String>> change) {
        CacheFence<String> fence = cache(here).fence(KEY);

        change.accept(cache(there));

        assertThat(fence.store("1", "may be old")).isFalse();
        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void anInvalidationLeavesTheFenceAndTakesTheOldValue() {
        cache(here).put("1", "old");
        CacheFence<String> fence = cache(here).fence(KEY);

        assertThat(cache(there).invalidate("1", "2")).isEqualTo(1);

        assertThat(state()).isEqualTo(Explanation.State.FENCE);
        fence.rollBack();
        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void anUnstorableValueLeavesTheFenceToTheCommit() {
        cache(here).put("1", "old");
        Cache<String> small = builder(here).largestValue(10).build();
        CacheFence<String> fence = small.fence(KEY);

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> fence.store("1", "x".repeat(20)));

        assertThat(state()).isEqualTo(Explanation.State.FENCE);
        fence.close();
        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void aFenceThatIsGoneIsStillAnInvalidation() {
        CacheFence<String> fence = cache(here).fence(KEY);
        cache(here).put("1", "old");

        fence.commit();

        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void isRenewedUntilItEnds() {
        CacheFence<String> fence = cache(here).fence(KEY);
        // It has five seconds at first.
        await().atMost(PATIENCE).until(() -> here.getSyncClient().pttl("texts::1") < 4_500);

        await().atMost(PATIENCE).until(() -> here.getSyncClient().pttl("texts::1") > 4_700);

        fence.rollBack();
        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void theFenceOfAProcessThatDiedEndsWithTheOldValue() {
        long now = System.currentTimeMillis();
        setBytes("texts::1", Leased.fence(Entry.newToken(), now + 300, now + 60_000, Entry.absence(1)));
        CacheFence<String> joined = cache(here).fence(KEY);
        assertThat(here.getSyncClient().pttl("texts::1")).isBetween(1L, 5_000L);

        await().atMost(PATIENCE).until(() -> System.currentTimeMillis() > now + 300);
        joined.rollBack();

        assertThat(state()).isEqualTo(Explanation.State.NOTHING);
    }

    @Test
    void aTokenFromBeforeTheClockWasSetBackIsOver() {
        byte[] fence = Leased.fence(Entry.newToken(), System.currentTimeMillis() + 3_600_000, 0, new byte[0]);
        setBytes("texts::1", fence);

        assertThat(cache(there).get("1", key -> Optional.of("loaded"))).contains("loaded");

        assertThat(cache(here).getIfPresent("1")).contains("loaded");
    }

    private static void setBytes(String key, byte[] value) {
        StringBuilder script = new StringBuilder("return redis.call('SET', KEYS[1], '");
        for (byte each : value) {
            script.append(String.format("\\%03d", each & 0xFF));
        }
        here.getSyncClient().eval(script.append("')").toString(), io.lettuce.core.ScriptOutputType.STATUS, key);
    }

    /** A load that began before a commit elsewhere, beside the fence of the transaction, or under a lease that it ended. */
    @ParameterizedTest
    @MethodSource("booleans")
    void whoJoinsALoadThatMayBeOldLooksUpAgain(boolean bulk) throws Exception {
        Cache<String> elsewhere = cache(there);
        for (boolean besideFence : List.of(true, false)) {
            cache(here).invalidate("1");
            CacheFence<String> fence = besideFence ? cache(here).fence(KEY) : null;
            CountDownLatch loading = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            CompletableFuture<Optional<String>> first = elsewhere.getAsync("1", key -> {
                loading.countDown();
                mayEnd.await();
                return Optional.of("old");
            });
            assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
            (fence == null ? cache(here).fence(KEY) : fence).commit();

            CompletableFuture<Optional<String>> second = bulk
                    ? elsewhere
                            .getAllAsync(KEY, keys -> Map.of("1", "new"))
                            .thenApply(all -> Optional.ofNullable(all.get("1")))
                    : elsewhere.getAsync("1", key -> Optional.of("new"));
            await().atMost(PATIENCE)
                    .until(() -> second.isDone() || elsewhere.stats().joins() > 0);
            mayEnd.countDown();

            assertThat(first).succeedsWithin(PATIENCE).isEqualTo(Optional.of("old"));
            assertThat(second).succeedsWithin(PATIENCE).isEqualTo(Optional.of("new"));
            assertThat(cache(here).getIfPresent("1")).contains("new");
        }
    }

    static Stream<Boolean> booleans() {
        return Stream.of(false, true);
    }

    @Test
    void callersOfOneProcessShareLoadsBesideAFence() {
        CacheFence<String> fence = cache(here).fence(KEY);
        Cache<String> elsewhere = cache(there);
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch joined = new CountDownLatch(1);

        List<CompletableFuture<Optional<String>>> all = IntStream.range(0, 100)
                .mapToObj(number -> elsewhere.getAsync("1", key -> {
                    loads.incrementAndGet();
                    joined.await();
                    return Optional.of("loaded");
                }))
                .toList();
        joined.countDown();

        assertThat(all).allSatisfy(each -> assertThat(each).succeedsWithin(PATIENCE));
        // Those who joined the first load share the second, or the next one if that ends before all have joined.
        assertThat(loads).hasValueLessThan(10);
        fence.rollBack();
    }

    @Test
    void nearCopiesOfOtherProcessesAreNotServedBesideAFence() {
        Cache<String> near = builder(there).nearCache(10).build();
        near.put("1", "old");
        await().atMost(PATIENCE).until(() -> {
            near.get("1", key -> Optional.of("old"));
            return near.stats().nearHits() > 0;
        });

        CacheFence<String> fence = cache(here).fence(KEY);

        await().atMost(Duration.ofSeconds(1)).until(() -> near.getIfPresent("1").isEmpty());
        assertThat(near.get("1", key -> Optional.of("loaded"))).contains("loaded");
        assertThat(near.getIfPresent("1")).isEmpty();
        fence.rollBack();
        assertThat(near.getIfPresent("1")).contains("old");
    }

    @Test
    void withoutRedisTheFenceSaysSoAndTheInvalidationIsRemembered() throws Exception {
        try (Stalls stalls = new Stalls();
                EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = cache(redis);
            cache.put("1", "old");
            server.freeze();

            long begin = System.nanoTime();
            CacheFence<String> fence = cache.fence(KEY);

            assertThat(stalls.ranSince(begin)).isLessThan(Duration.ofSeconds(1));
            assertThat(fence.failure()).isPresent();
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(fence::commit);
            assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);
            server.thaw();
            await().atMost(PATIENCE).until(() -> cache.stats().pendingInvalidations() == 0);
            assertThat(cache.getIfPresent("1")).isEmpty();
        }
    }
}
