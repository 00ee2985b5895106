package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.CodecException;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers leave behind when they are interrupted, cancel, fail or nest: fences, leases, permits and places in a window. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CacheLeftoversTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Fences that are not renewed end after five seconds. */
    private static final Duration END_OF_FENCES = Duration.ofSeconds(9);

    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager here;
    private RedisManager there;

    @BeforeEach
    void connect() {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        here = RedisManager.create(RedisSettings.of(proxy.url()));
        there = RedisManager.create(RedisSettings.of(server.url()));
        here.getSync("any");
        there.getSync("any");
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        proxy.close();
        server.close();
    }

    private static CacheBuilder<String> texts(RedisManager redis) {
        return Cache.builder(redis, "texts", String.class).ttl(Duration.ofMinutes(10));
    }

    private Explanation.State state(String key) {
        return texts(there).build().explain(key).state();
    }

    private void cut() {
        proxy.refuse();
        proxy.reset();
        await().atMost(PATIENCE).until(() -> catchThrowable(() -> here.getSync("any")) != null);
    }

    private void heal() {
        proxy.heal();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> here.getSync("any"));
    }

    private long scripts() {
        return server.command("INFO", "commandstats")
                .lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("cmdstat_evalsha:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void renewsNoFenceWhoseKeysWereAllStored() throws InterruptedException {
        Cache<String> cache = texts(here).build();
        for (int i = 0; i < 50; i++) {
            try (CacheFence<String> fence = cache.fence(List.of("k" + i))) {
                assertThat(fence.store("k" + i, "new")).isTrue();
            }
        }
        long before = scripts();

        TimeUnit.SECONDS.sleep(3);

        assertThat(scripts()).isEqualTo(before);
    }

    @Test
    void endsFencesThatNobodyCanEnd() {
        Cache<String> cache = texts(here).build();
        interruptAFence(cache);
        assertThat(cache.fenceAsync(List.of("cancelled")).cancel(true)).isTrue();
        try (CacheFence<String> fence = cache.fence(List.of("unsent"))) {
            cut();
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> fence.store("unsent", "new"));
        }
        heal();

        for (String key : List.of("interrupted", "cancelled", "unsent")) {
            await(key).atMost(END_OF_FENCES).until(() -> state(key) == Explanation.State.NOTHING);
        }
    }

    /** Waits for a fence with an interrupt, which has no effect if the reply is there before. */
    private static void interruptAFence(Cache<String> cache) {
        for (int i = 0; i < 100; i++) {
            Thread.currentThread().interrupt();
            CacheFence<String> early;
            try {
                early = cache.fence(List.of("interrupted"));
            } catch (RedisInterruptedException e) {
                assertThat(Thread.interrupted()).isTrue();
                return;
            }
            assertThat(Thread.interrupted()).isTrue();
            early.close();
        }
        fail("every reply was faster than the wait for it");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30})
    void leavesTheFenceToTheCommitWhereAValueCannotBeStored(long marks) {
        Cache<String> cache = limited(marks);
        cache.put("1", "old");
        CacheFence<String> fence = cache.fence(List.of("1"));

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> fence.store("1", "x".repeat(20)));
        assertThat(state("1")).isEqualTo(Explanation.State.FENCE);

        fence.commit();
        assertThat(state("1")).isEqualTo(Explanation.State.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 30})
    void invalidatesAtTheCommitWhereAValueCannotBeStoredAndThereWasNoFence(long marks) {
        Cache<String> cache = limited(marks);
        cache.put("1", "old");
        cut();
        CacheFence<String> fence = cache.fence(List.of("1"));
        assertThat(fence.failure()).isPresent();
        heal();

        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> fence.store("1", "x".repeat(20)));
        fence.commit();

        assertThat(cache.getIfPresent("1")).isEmpty();
    }

    private Cache<String> limited(long marks) {
        return texts(here)
                .longestSnapshot(() -> Duration.ofSeconds(marks))
                .largestValue(10)
                .build();
    }

    @Test
    void leavesNoLeaseBehindALookUpThatWasCancelled() {
        assertThat(texts(here).build().lookupAsync("1").cancel(true)).isTrue();

        CompletableFuture<Optional<String>> other = texts(there).build().getAsync("1", key -> Optional.of("x"));

        assertThat(other).succeedsWithin(Duration.ofSeconds(4)).isEqualTo(Optional.of("x"));
    }

    @Test
    void loadsOfOtherKeysWithinLoadsNeedNoSecondPermitWithoutRedis() {
        Cache<String> cache = texts(here).build();
        cut();
        CyclicBarrier all = new CyclicBarrier(64);
        List<CompletableFuture<Optional<String>>> calls = IntStream.range(0, 64)
                .mapToObj(number -> cache.getAsync("outer" + number, key -> {
                    all.await();
                    return cache.get("of-" + key, Optional::of);
                }))
                .toList();

        assertThat(calls)
                .allSatisfy(call -> assertThat(call)
                        .succeedsWithin(Duration.ofSeconds(5))
                        .satisfies(value -> assertThat(value).isPresent()));
        assertThat(cache.get("later", Optional::of)).contains("later");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void looksUpAgainForWhoJoinedALoadThatAnInvalidationRefused(boolean byTag) throws InterruptedException {
        Cache<String> cache =
                texts(here).options(value -> EntryOptions.NONE.tags("all")).build();
        Cache<String> other =
                texts(there).options(value -> EntryOptions.NONE.tags("all")).build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Optional<String>> first = cache.getAsync("1", key -> {
            loading.countDown();
            mayEnd.await();
            return Optional.of("old");
        });
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
        if (byTag) {
            other.invalidateTag("all");
        } else {
            other.invalidate("1");
        }

        CompletableFuture<Optional<String>> second = cache.getAsync("1", key -> Optional.of("new"));
        await().atMost(PATIENCE).until(() -> second.isDone() || cache.stats().joins() > 0);
        mayEnd.countDown();

        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(Optional.of("old"));
        assertThat(second).succeedsWithin(PATIENCE).isEqualTo(Optional.of("new"));
    }

    /** A change here keeps later callers from joining the load, before its store shows that it is old. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void looksUpAgainForWhoJoinedALoadThatAChangeHereHasHidden(boolean all) throws InterruptedException {
        Cache<String> cache = texts(here).build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Optional<String>> first = cache.getAsync("1", key -> {
            loading.countDown();
            mayEnd.await();
            return Optional.of("old");
        });
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
        texts(there).build().invalidate("1");
        CompletableFuture<Optional<String>> second = cache.getAsync("1", key -> Optional.of("new"));
        await().atMost(PATIENCE).until(() -> second.isDone() || cache.stats().joins() > 0);

        if (all) {
            cache.invalidateTag("any");
        } else {
            cache.invalidate("1");
        }
        mayEnd.countDown();

        assertThat(first).succeedsWithin(PATIENCE).isEqualTo(Optional.of("old"));
        assertThat(second).succeedsWithin(PATIENCE).isEqualTo(Optional.of("new"));
    }

    @Test
    void aBulkLookUpThatJoinsALoadTwiceDoesNotGetItsOldValue() throws InterruptedException {
        Cache<String> cache = texts(here).build();
        CountDownLatch loading = new CountDownLatch(2);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch mayFail = new CountDownLatch(1);
        CompletableFuture<Optional<String>> old = cache.getAsync("1", key -> {
            loading.countDown();
            mayEnd.await();
            return Optional.of("old");
        });
        CompletableFuture<Optional<String>> failing = cache.getAsync("2", key -> {
            loading.countDown();
            mayFail.await();
            throw new IllegalStateException("no source");
        });
        assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
        texts(there).build().invalidate("1");
        CompletableFuture<Map<String, String>> both = cache.getAllAsync(List.of("1", "2"), keys -> {
            Map<String, String> loaded = new HashMap<>();
            keys.forEach(key -> loaded.put(key, "new"));
            return loaded;
        });
        await().atMost(PATIENCE).until(() -> cache.stats().joins() == 2);

        // It begins another round, in which it loads the one and joins the other again.
        mayFail.countDown();
        await().atMost(PATIENCE).until(() -> cache.stats().joins() == 3);
        mayEnd.countDown();

        assertThat(old).succeedsWithin(PATIENCE).isEqualTo(Optional.of("old"));
        assertThat(failing).failsWithin(PATIENCE);
        assertThat(both).succeedsWithin(PATIENCE).isEqualTo(Map.of("1", "new", "2", "new"));
    }

    @Test
    void refreshesAgainAfterTheLeaseOfARefreshThatHangs() {
        Cache<String> cache = texts(here)
                .ttl(Duration.ofMillis(50))
                .ttlJitter(0)
                .staleFor(Duration.ofMinutes(10))
                .leaseTime(Duration.ofSeconds(1))
                .build();
        cache.put("1", "old");
        await().until(() -> cache.getIfPresent("1").isEmpty());
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger loads = new AtomicInteger();
        try {
            assertThat(cache.get("1", key -> {
                        never.await();
                        return Optional.of("late");
                    }))
                    .contains("old");

            await().atMost(PATIENCE).until(() -> {
                cache.get("1", key -> {
                    loads.incrementAndGet();
                    return Optional.of("new");
                });
                return loads.get() > 0;
            });
        } finally {
            never.countDown();
        }
    }

    @Test
    void endsManyBulkPutsWithMarks() {
        Cache<String> cache =
                texts(here).longestSnapshot(() -> Duration.ofSeconds(30)).build();
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            puts.add(cache.putAllAsync(Map.of("a" + i, "v", "b" + i, "v")));
        }

        assertThat(CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)))
                .succeedsWithin(PATIENCE);
        assertThat(cache.invalidateAsync("other")).succeedsWithin(PATIENCE);
    }
}
