package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
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
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The manager closes while loaders run. */
class CacheCloseTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    // Not the common pool, which may have fewer threads than there are loaders waiting here.
    private static final Executor THREADS = task -> new Thread(task).start();

    private final AtomicReference<@Nullable Throwable> uncaught = new AtomicReference<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private Thread.@Nullable UncaughtExceptionHandler before;
    private RedisManager redis;

    /** How a cache is built: each stores values in a different way. */
    enum Kind {
        PLAIN,
        NEAR,
        STALE,
        LOAD_TIMEOUT,
        TAGGED,
        ABSENT;

        Cache<String> cache(RedisManager redis) {
            CacheBuilder<String> builder = Cache.builder(redis, "closing", String.class)
                    .ttl(Duration.ofMinutes(5))
                    .executor(THREADS);
            return switch (this) {
                case PLAIN -> builder.build();
                case NEAR -> builder.nearCache(10).build();
                case STALE -> builder.staleFor(Duration.ofMinutes(1)).build();
                case LOAD_TIMEOUT -> builder.loadTimeout(Duration.ofMinutes(1)).build();
                case TAGGED ->
                    builder.options(value -> EntryOptions.NONE.tags("all")).build();
                case ABSENT -> builder.cacheAbsence(Duration.ofMinutes(1)).build();
            };
        }
    }

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.set(failure));
    }

    @AfterEach
    void close() {
        release.countDown();
        redis.close();
        Thread.setDefaultUncaughtExceptionHandler(before);
    }

    @ParameterizedTest
    @EnumSource
    void everyLookUpGetsTheValueOfItsLoader(Kind kind) throws Exception {
        Cache<String> cache = kind.cache(redis);
        Optional<String> loaded = kind == Kind.ABSENT ? Optional.empty() : Optional.of("loaded");
        Map<String, String> all = kind == Kind.ABSENT ? Map.of() : Map.of("many", "loaded");
        CountDownLatch begun = new CountDownLatch(4);
        Loader<String> slow = key -> {
            begun.countDown();
            release.await();
            return loaded;
        };
        BulkLoader<String> slowForMany = keys -> {
            begun.countDown();
            release.await();
            return all;
        };
        List<CompletableFuture<?>> ones = new ArrayList<>();
        ones.add(CompletableFuture.supplyAsync(() -> cache.get("sync", slow), THREADS));
        ones.add(cache.getAsync("async", slow));
        CompletableFuture<?> many =
                CompletableFuture.supplyAsync(() -> cache.getAll(List.of("many"), slowForMany), THREADS);
        CompletableFuture<?> manyAsync = cache.getAllAsync(List.of("manyAsync"), slowForMany);
        Promises.await(begun);
        ones.add(cache.getAsync("sync", slow));

        redis.close();
        // For longer than the period at which leases are renewed.
        await().during(Duration.ofMillis(700))
                .atMost(Promises.PATIENCE)
                .until(() -> uncaught.get() == null && ones.stream().noneMatch(CompletableFuture::isDone));
        release.countDown();

        for (CompletableFuture<?> one : ones) {
            assertThat(one.get(5, TimeUnit.SECONDS)).isEqualTo(loaded);
        }
        assertThat(many.get(5, TimeUnit.SECONDS)).isEqualTo(all);
        assertThat(manyAsync.get(5, TimeUnit.SECONDS)).isEqualTo(Map.of());
        assertThatIllegalStateException()
                .isThrownBy(() -> cache.get("sync", slow))
                .withMessage("RedisManager is closed");
        assertThat(uncaught.get()).isNull();
    }

    @Test
    void reportsALoaderFailureWhenTheLeaseCannotBeGivenUp() {
        Cache<String> cache = Kind.PLAIN.cache(redis);

        assertThatIllegalStateException()
                .isThrownBy(() -> cache.get("1", key -> {
                    redis.close();
                    throw new IllegalStateException("the source is gone");
                }))
                .withMessage("the source is gone");
    }
}
