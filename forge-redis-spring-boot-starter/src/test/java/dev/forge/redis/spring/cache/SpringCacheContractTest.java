package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.spring.connection.RedisServers;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueRetrievalException;
import org.springframework.cache.Cache.ValueWrapper;

/** What Spring's documentation of {@link Cache} demands of every cache. */
class SpringCacheContractTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final String name = "contract-" + UUID.randomUUID();
    private RedisManager redis;
    private Cache cache;

    @BeforeEach
    void open() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        ForgeCacheProperties properties = new Binder(new MapConfigurationPropertySource())
                .bindOrCreate("forge.cache", ForgeCacheProperties.class);
        cache = requireNonNull(new ForgeCacheManager(
                        RedisServers.of(redis), properties, new TextKeys(), List.of(), List.of(), List.of(), null)
                .getCache(name));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static Object valueOf(@Nullable ValueWrapper wrapper) {
        return requireNonNull(requireNonNull(wrapper).get());
    }

    @Test
    void hasItsNameAndTheCacheBehindIt() {
        assertThat(cache.getName()).isEqualTo(name);
        assertThat(cache.getNativeCache()).isInstanceOf(dev.forge.redis.cache.Cache.class);
    }

    @Test
    void getsWhatWasPut() {
        assertThat(cache.get("key")).isNull();
        assertThat(cache.get("key", String.class)).isNull();
        assertThat(cache.get("key", (Class<?>) null)).isNull();

        cache.put("key", "value");

        assertThat(valueOf(cache.get("key"))).isEqualTo("value");
        assertThat(cache.get("key", String.class)).isEqualTo("value");
        assertThat(cache.get("key", Object.class)).isEqualTo("value");
        assertThat(cache.get("key", (Class<?>) null)).isEqualTo("value");
        assertThatIllegalStateException()
                .isThrownBy(() -> cache.get("key", Integer.class))
                .withMessageContaining("java.lang.String");
    }

    @Test
    void cachesNull() {
        cache.put("key", null);

        assertThat(requireNonNull(cache.get("key")).get()).isNull();
        assertThat(cache.get("key", String.class)).isNull();
        assertThat(cache.get("key", () -> "loaded")).isNull();
        assertThat(cache.get("key", (Class<?>) null)).isNull();
    }

    @Test
    void putsIfAbsent() {
        assertThat(cache.putIfAbsent("key", "first")).isNull();
        assertThat(valueOf(requireNonNull(cache.putIfAbsent("key", "second")))).isEqualTo("first");
        assertThat(cache.get("key", String.class)).isEqualTo("first");

        assertThat(cache.putIfAbsent("null", null)).isNull();
        assertThat(requireNonNull(cache.putIfAbsent("null", "second")).get()).isNull();
    }

    @Test
    void givesTheLeaseUpIfTheTypeOfAValueIsNotKnown() {
        assertThatIllegalArgumentException().isThrownBy(() -> cache.putIfAbsent("key", List.of("a")));

        assertThat(CompletableFuture.supplyAsync(() -> cache.get("key", () -> "loaded")))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo("loaded");
    }

    @Test
    void evicts() {
        cache.put("key", "value");
        cache.evict("key");
        assertThat(cache.get("key")).isNull();

        cache.put("key", "value");
        assertThat(cache.evictIfPresent("key")).isTrue();
        assertThat(cache.evictIfPresent("key")).isFalse();
    }

    @Test
    void clears() {
        cache.put("one", "1");
        cache.put("two", "2");
        cache.clear();
        assertThat(cache.get("one")).isNull();
        assertThat(cache.get("two")).isNull();

        cache.put("one", "1");
        assertThat(cache.invalidate()).isTrue();
        assertThat(cache.invalidate()).isFalse();
    }

    @Test
    void loadsWhatIsMissing() {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            assertThat(cache.get("key", () -> "loaded " + loads.incrementAndGet()))
                    .isEqualTo("loaded 1");
        }
        assertThat(cache.get("key", String.class)).isEqualTo("loaded 1");
        assertThat(cache.<String>get("null", () -> null)).isNull();
        assertThat(requireNonNull(cache.get("null")).get()).isNull();
    }

    @Test
    void aFailedLoadNamesItsKeyAndItsCause() {
        UnsupportedOperationException cause = new UnsupportedOperationException("expected");

        assertThatExceptionOfType(ValueRetrievalException.class)
                .isThrownBy(() -> cache.get("key", () -> {
                    throw cause;
                }))
                .satisfies(failure -> {
                    assertThat(failure.getKey()).isEqualTo("key");
                    assertThat(failure).hasCause(cause);
                });
        assertThat(cache.get("key")).isNull();
    }

    @Test
    void loadsOnceForManyCallers() throws InterruptedException {
        AtomicInteger loads = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(10);
        try {
            List<CompletableFuture<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                results.add(CompletableFuture.supplyAsync(
                        () -> {
                            go.countDown();
                            return requireNonNull(cache.<Integer>get("key", () -> {
                                go.await();
                                return loads.incrementAndGet();
                            }));
                        },
                        threads));
            }
            assertThat(results).allSatisfy(result -> assertThat(result.join()).isEqualTo(1));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void retrievesWithoutBlocking() {
        assertThat(requireNonNull(cache.retrieve("key")).join()).isNull();

        assertThat(cache.retrieve("key", () -> CompletableFuture.completedFuture("loaded"))
                        .join())
                .isEqualTo("loaded");
        assertThat(requireNonNull(cache.retrieve("key")).join())
                .isInstanceOfSatisfying(
                        ValueWrapper.class, value -> assertThat(value.get()).isEqualTo("loaded"));
        assertThat(cache.retrieve("key", () -> CompletableFuture.completedFuture("again"))
                        .join())
                .isEqualTo("loaded");
        assertThat(cache.<String>retrieve("null", () -> CompletableFuture.completedFuture(null))
                        .join())
                .isNull();

        UnsupportedOperationException cause = new UnsupportedOperationException("expected");
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> cache.retrieve("failing", () -> CompletableFuture.failedFuture(cause))
                        .join())
                .withCause(cause);
    }

    @Test
    void refusesAKeyWithoutATextAndAValueWithoutAType() {
        assertThatIllegalArgumentException().isThrownBy(() -> cache.put(new Object(), "value"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cache.put("key", List.of("value")))
                .withMessageContaining("forge.cache.caches." + name + ".type");
    }
}
