package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers in one process that wait for each other: none waits for ever. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class CacheWaitsTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    // Far longer than these tests take, and far shorter than the lease time of their caches.
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
        threads.shutdownNow();
    }

    private CacheBuilder<String> builder(String name) {
        return Cache.builder(redis, name, String.class).leaseTime(Duration.ofMinutes(1));
    }

    private CompletableFuture<Throwable> failureOf(Runnable call) {
        return CompletableFuture.supplyAsync(() -> catchThrowable(call::run), threads);
    }

    /** Has two loaders, of two caches, ask for the key of the other at the same time; returns how they failed. */
    private List<Throwable> meeting(Cache<String> one, Cache<String> other) {
        CyclicBarrier both = new CyclicBarrier(2);
        CompletableFuture<Throwable> first = failureOf(() -> one.get("ada", key -> {
            both.await();
            return other.get("bob", Optional::of);
        }));
        CompletableFuture<Throwable> second = failureOf(() -> other.get("bob", key -> {
            both.await();
            return one.get("ada", Optional::of);
        }));
        assertThat(first).succeedsWithin(AT_ONCE);
        assertThat(second).succeedsWithin(AT_ONCE);
        return List.of(first.join(), second.join());
    }

    @Test
    void refusesLoadersThatWaitForOneAnother() {
        Cache<String> people = builder("people").build();

        List<Throwable> failures = meeting(people, people);

        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("loaders wait for one another: people::")
                        .hasMessageContaining("people::ada needs people::bob")
                        .hasMessageContaining("people::bob needs people::ada"));
        assertThat(people.get("ada", Optional::of)).contains("ada");
    }

    @Test
    void refusesACycleAcrossTwoCaches() {
        List<Throwable> failures =
                meeting(builder("people").build(), builder("firms").build());

        assertThat(failures)
                .allSatisfy(failure ->
                        assertThat(failure).hasMessageContaining("people::ada").hasMessageContaining("firms::bob"));
    }

    @Test
    void refusesACycleAcrossLoaderThreads() {
        Cache<String> people =
                builder("people").loadTimeout(Duration.ofMinutes(1)).build();

        List<Throwable> failures = meeting(people, people);

        assertThat(failures).allSatisfy(failure -> assertThat(failure).hasMessageContaining("wait for one another"));
        assertThat(failureOf(() -> people.get("x", x -> people.get("y", y -> people.get("x", Optional::of)))))
                .succeedsWithin(AT_ONCE)
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessageContaining("people::x needs people::y")
                .hasMessageContaining("people::y needs people::x");
    }

    @Test
    void refusesACycleThroughBulkAndNestedLoads() {
        Cache<String> people = builder("people").build();
        CyclicBarrier both = new CyclicBarrier(2);

        CompletableFuture<Throwable> bulk = failureOf(() -> people.getAll(List.of("a", "b"), keys -> {
            both.await();
            return Map.of(
                    "a",
                    people.get("inner", key -> people.get("c", Optional::of)).orElseThrow());
        }));
        CompletableFuture<Throwable> single = failureOf(() -> people.get("c", key -> {
            both.await();
            return Optional.of(String.valueOf(people.getAll(List.of("x", "b"), keys -> Map.of("x", "x"))));
        }));

        assertThat(bulk).succeedsWithin(AT_ONCE);
        assertThat(single).succeedsWithin(AT_ONCE);
        assertThat(bulk.join()).isInstanceOf(IllegalStateException.class).hasMessageContaining("wait for one another");
        // If the bulk look-up is refused first, this one loads b itself. Otherwise it is refused, and the bulk look-up
        // that waits for it fails with it.
        assertThat(single.join()).isIn(null, bulk.join());
    }

    @Test
    void refusesABulkLoaderThatAsksForItsOwnKeyOnAnyThread() {
        Cache<String> people = builder("people").build();
        BulkLoader<String> asksAgain = keys -> people.getAll(List.of("other", "a"), again -> Map.of());
        BulkLoader<String> asksAgainAsync = keys ->
                people.getAllAsync(List.of("other", "a"), again -> Map.of()).get();

        assertThatIllegalStateException()
                .isThrownBy(() -> people.getAll(List.of("a", "b"), asksAgain))
                .withMessageContaining("a loader of the cache people asked it for the key that it was loading")
                .withMessageContaining("people::a");
        for (BulkLoader<String> loader : List.of(asksAgain, asksAgainAsync)) {
            assertThat(people.getAllAsync(List.of("a", "b"), loader))
                    .failsWithin(AT_ONCE)
                    .withThrowableThat()
                    .withStackTraceContaining("asked it for the key that it was loading");
        }
        assertThat(people.getAll(List.of("a", "other"), keys -> Map.of("a", "1", "other", "2")))
                .hasSize(2);
    }

    @Test
    void letsLoadersWaitInOneDirection() throws Exception {
        Cache<String> people = builder("people").build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> slow = people.getAsync("slow", key -> {
            loading.countDown();
            release.await();
            return Optional.of("slow");
        });
        loading.await();
        CompletableFuture<Optional<String>> first = people.getAsync("first", key -> people.get("slow", Optional::of));
        CompletableFuture<Map<String, String>> second = people.getAllAsync(
                List.of("second"),
                keys -> Map.of("second", people.get("slow", Optional::of).orElseThrow()));
        await().atMost(Promises.PATIENCE).until(() -> people.stats().joins() == 2);

        release.countDown();

        assertThat(first.get()).contains("slow");
        assertThat(second.get()).isEqualTo(Map.of("second", "slow"));
        assertThat(slow.get()).contains("slow");
    }

    @Test
    void endsAnUndetectedDeadlockAfterTheLeaseTime() {
        Cache<String> people =
                builder("people").leaseTime(Duration.ofSeconds(1)).build();

        CompletableFuture<Optional<String>> circle = people.getAsync(
                "x",
                x -> people.getAsync("y", y -> people.get("x", again -> Optional.of("inner")))
                        .get());

        assertThat(circle).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Optional.of("inner"));
    }

    @Test
    void letsOneWaiterTakeOverFromALoadThatHangs() throws Exception {
        Cache<String> people =
                builder("people").leaseTime(Duration.ofSeconds(1)).build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<Optional<String>> hanging = people.getAsync("1", key -> {
            loading.countDown();
            never.await();
            return Optional.of("late");
        });
        loading.await();
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        Loader<String> loader = key -> {
            loads.incrementAndGet();
            release.await();
            return Optional.of("value");
        };
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            callers.add(people.getAsync("1", loader));
            callers.add(CompletableFuture.supplyAsync(() -> people.get("1", loader), threads));
            callers.add(people.getAllAsync(List.of("1"), keys -> {
                loads.incrementAndGet();
                return Map.of("1", "value");
            }));
        }

        await().atMost(Promises.PATIENCE).until(() -> loads.get() > 0);
        release.countDown();

        for (CompletableFuture<?> caller : callers) {
            assertThat(caller).succeedsWithin(Promises.PATIENCE);
        }
        assertThat(loads).hasValue(1);
        assertThat(hanging).isNotDone();
        never.countDown();
        assertThat(hanging.get()).contains("late");
        assertThat(people.getIfPresent("1")).contains("value");
    }

    @Test
    void looksUpAgainWhenTheJoinedCallerIsInterrupted() throws Exception {
        Cache<String> people = builder("people").build();
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Thread leader = new Thread(() -> {
            var unused = catchThrowable(() -> people.get("1", key -> {
                loading.countDown();
                never.await();
                return Optional.empty();
            }));
        });
        leader.start();
        loading.await();
        List<CompletableFuture<Optional<String>>> joined = new ArrayList<>();
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            joined.add(people.getAsync("1", key -> {
                loads.incrementAndGet();
                return Optional.of("value");
            }));
        }

        leader.interrupt();

        for (CompletableFuture<Optional<String>> one : joined) {
            assertThat(one.get(10, TimeUnit.SECONDS)).contains("value");
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void passesALoaderFailureToJoinedCallers() {
        Cache<String> people = builder("people").build();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> first = people.getAsync("1", key -> {
            release.await();
            throw new IllegalStateException("no such table");
        });
        CompletableFuture<Optional<String>> second = people.getAsync("1", Optional::of);

        release.countDown();

        assertThatThrownBy(first::join).hasRootCauseMessage("no such table");
        assertThatThrownBy(second::join).hasRootCauseMessage("no such table");
    }
}
