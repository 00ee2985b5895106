package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lease lasts for minutes here: a caller that waited for it would fail the test. */
@Timeout(60)
class CacheLoadTimeoutTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private Cache<String> cache;
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger loads = new AtomicInteger();

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.builder(SERVER.url())
                .socketTimeout(Duration.ofSeconds(20))
                .build());
        cache = texts(redis).build();
    }

    @AfterEach
    void close() {
        release.countDown();
        redis.close();
    }

    private static CacheBuilder<String> texts(RedisManager of) {
        return Cache.builder(of, "texts", String.class)
                .leaseTime(Duration.ofMinutes(5))
                .loadTimeout(Duration.ofMillis(100));
    }

    private Optional<String> slow(String key) throws InterruptedException {
        loads.incrementAndGet();
        release.await();
        return Optional.of("late");
    }

    private static void assertTimesOut(ThrowingCallable lookUp) {
        assertThatExceptionOfType(CacheLoadException.class)
                .isThrownBy(lookUp)
                .withMessageContaining("loadTimeout of 100 ms");
    }

    @Test
    void failsACallerAndStoresTheLateValue() {
        assertTimesOut(() -> cache.get("1", this::slow));
        release.countDown();

        await().atMost(Promises.PATIENCE).until(() -> cache.getIfPresent("1").equals(Optional.of("late")));
    }

    @Test
    void failsLaterCallersOfTheSameLoadAsSoon() {
        assertTimesOut(() -> cache.get("1", this::slow));

        assertTimesOut(() -> cache.get("1", this::slow));
        assertThat(cache.getAsync("1", this::slow))
                .failsWithin(Promises.PATIENCE)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(CacheLoadException.class);
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().joins()).isEqualTo(2);
    }

    @Test
    void boundsTheWaitForTheLoadOfAnotherProcess() {
        try (RedisManager other = RedisManager.create(RedisSettings.of(SERVER.url()))) {
            CacheLookup<String> elsewhere = texts(other).build().lookup("1");

            assertTimesOut(() -> cache.get("1", this::slow));
            assertTimesOut(() -> join(cache.getAsync("1", this::slow)));

            assertThat(((CacheMiss<String>) elsewhere).store("theirs")).isTrue();
        }
        await().atMost(Promises.PATIENCE).until(() -> cache.get("1", this::slow).equals(Optional.of("theirs")));
        assertThat(loads).hasValue(0);
    }

    /** The timeout of the connection bounds that. */
    @Test
    void doesNotBoundTheWaitForRedis() {
        cache.put("1", "stored");
        CompletableFuture<Optional<String>> leads;
        CompletableFuture<Optional<String>> joins;

        SERVER.server().freeze();
        try {
            leads = cache.getAsync("1", this::slow);
            joins = cache.getAsync("1", this::slow);
            Promises.pause(Duration.ofMillis(500));
        } finally {
            SERVER.server().thaw();
        }

        assertThat(leads).succeedsWithin(Promises.PATIENCE).isEqualTo(Optional.of("stored"));
        assertThat(joins).succeedsWithin(Promises.PATIENCE).isEqualTo(Optional.of("stored"));
        assertThat(cache.stats().joins()).isEqualTo(1);
    }

    @Test
    void servesAStaleValueAfterTheLongerSoftTimeout() {
        Cache<String> staling = texts(redis)
                .ttl(Duration.ofMillis(1))
                .staleFor(Duration.ofMinutes(1))
                .softTimeout(Duration.ofMillis(500))
                .build();
        staling.put("1", "old");
        await().atMost(Promises.PATIENCE).until(() -> staling.getIfPresent("1").isEmpty());

        assertThat(staling.get("1", this::slow)).contains("old");
    }

    /** What a loader gets from a client of its own that gives up is not the timeout of the cache. */
    @Test
    void passesATimeoutOfTheLoaderItselfOn() {
        Cache<String> patient = texts(redis).loadTimeout(Duration.ofMinutes(1)).build();
        Loader<String> givesUp = key -> {
            throw new CompletionException(new TimeoutException("of the loader"));
        };

        assertThatThrownBy(() -> patient.get("1", givesUp)).hasRootCauseMessage("of the loader");
        assertThatThrownBy(() -> patient.getAsync("1", givesUp).join()).hasRootCauseMessage("of the loader");
    }

    private static <T> T join(CompletableFuture<T> future) throws Throwable {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause();
        }
    }
}
