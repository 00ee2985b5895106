package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Callers that are interrupted or cancelled while they wait for a healthy Redis that is frozen for a moment. */
class CacheInterruptTest {

    private EmbeddedRedis server;
    private RedisManager redis;
    private final AtomicInteger loads = new AtomicInteger();

    /** How a cache is built: each takes a different path through a look-up. */
    enum Kind {
        PLAIN,
        NEAR,
        STALE,
        LOAD_TIMEOUT;

        Cache<String> cache(RedisManager redis) {
            CacheBuilder<String> builder =
                    Cache.builder(redis, "interrupted", String.class).ttl(Duration.ofMinutes(5));
            return switch (this) {
                case PLAIN -> builder.build();
                case NEAR -> builder.nearCache(10).build();
                case STALE -> builder.staleFor(Duration.ofMinutes(1)).build();
                case LOAD_TIMEOUT -> builder.loadTimeout(Duration.ofSeconds(5)).build();
            };
        }
    }

    @BeforeEach
    void connect() {
        server = EmbeddedRedis.start();
        redis = RedisManager.create(RedisSettings.of(server.url()));
    }

    @AfterEach
    void close() {
        redis.close();
        server.close();
    }

    private Optional<String> load(String key) {
        loads.incrementAndGet();
        return Optional.of("loaded");
    }

    private Map<String, String> loadAll(Iterable<String> keys) {
        loads.incrementAndGet();
        return Map.of("there", "loaded");
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptLoadsNothingCountsNothingAndLogsNothing(Kind kind) {
        Cache<String> cache = kind.cache(redis);
        cache.put("there", "stored");

        String log = CacheLogTest.logged(() -> whileFrozen(() -> {
            for (int i = 0; i < 5; i++) {
                assertInterrupted(() -> cache.get("there", this::load));
                assertInterrupted(() -> cache.getAll(List.of("there"), this::loadAll));
                assertInterrupted(() -> cache.getIfPresent("there"));
            }
        }));

        assertThat(loads).hasValue(0);
        assertThat(cache.stats().redisFailures()).isZero();
        assertThat(log).doesNotContain("interrupted");
        assertThat(cache.get("there", this::load)).contains("stored");
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledLookUpLoadsNothingAndCountsNothing(Kind kind) {
        Cache<String> cache = kind.cache(redis);
        cache.put("there", "stored");

        whileFrozen(() -> {
            cache.getAsync("there", this::load).cancel(true);
            cache.getAllAsync(List.of("there"), this::loadAll).cancel(true);
            cache.getIfPresentAsync("there").cancel(true);
        });

        assertThat(cache.get("there", this::load)).contains("stored");
        assertThat(loads).hasValue(0);
        assertThat(cache.stats().redisFailures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void joinedCallersGetAValueWhenTheirLeaderIsInterrupted(Kind kind) throws Exception {
        Cache<String> cache = kind.cache(redis);
        cache.put("there", "stored");
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread leader = new Thread(() -> thrown.set(catchThrowable(() -> cache.get("there", this::load))));
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Thread joining = new Thread(() -> answer.complete(cache.get("there", this::load)));

        server.freeze();
        leader.start();
        await().atMost(Promises.PATIENCE).until(() -> leader.getState() == Thread.State.WAITING);
        joining.start();
        await().atMost(Promises.PATIENCE).until(() -> cache.stats().joins() == 1);
        leader.interrupt();
        leader.join();
        server.thaw();

        assertThat(thrown.get()).isInstanceOf(RedisInterruptedException.class);
        assertThat(answer.get()).contains("stored");
        assertThat(loads).hasValue(0);
    }

    /** How a caller stops waiting for its look-up. */
    enum Left {
        INTERRUPTED,
        CANCELLED,
        TIMED_OUT
    }

    @ParameterizedTest
    @EnumSource
    void aMissThatItsCallerDoesNotGetGivesItsLeaseUp(Left left) throws Exception {
        CountDownLatch frozen = new CountDownLatch(1);
        Cache<String> cache = Cache.builder(redis, "interrupted", String.class)
                .options(value -> EntryOptions.NONE.tags("tag"))
                .leaseTime(Duration.ofMinutes(5))
                .tagsIf(() -> {
                    // The lease has been taken, and the clock of the tags is read next.
                    server.freeze();
                    frozen.countDown();
                    return true;
                })
                .build();

        if (left == Left.INTERRUPTED) {
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> thrown.set(catchThrowable(() -> cache.lookup("missing"))));
            caller.start();
            Promises.await(frozen);
            caller.interrupt();
            caller.join();
            assertThat(thrown.get()).isInstanceOf(RedisInterruptedException.class);
        } else {
            CompletableFuture<CacheLookup<String>> asked = cache.lookupAsync("missing");
            Promises.await(frozen);
            if (left == Left.CANCELLED) {
                asked.cancel(true);
            } else {
                asked.completeExceptionally(new TimeoutException());
            }
        }
        server.thaw();

        await().atMost(Promises.PATIENCE)
                .until(() -> server.command("EXISTS", "interrupted::missing").equals("0"));
    }

    private void whileFrozen(Runnable task) {
        server.freeze();
        try {
            task.run();
        } finally {
            server.thaw();
        }
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> redis.getSync("any")) == null);
    }

    private static void assertInterrupted(ThrowingCallable lookUp) {
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(lookUp);

        assertThat(Thread.interrupted()).as("the flag of the thread").isTrue();
        assertThat(thrown).isInstanceOf(RedisInterruptedException.class);
    }
}
