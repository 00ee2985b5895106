package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cache that cannot reach Redis while another process still can. */
class CacheInvalidationOutageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private EmbeddedRedis server;
    private FaultProxy proxy;
    private RedisManager cutOff;
    private RedisManager connected;
    private Cache<String> cache;

    @BeforeEach
    void connect() throws Exception {
        server = EmbeddedRedis.start();
        proxy = FaultProxy.to(server.port());
        cutOff = RedisManager.create(RedisSettings.of(proxy.url()));
        connected = RedisManager.create(RedisSettings.of(server.url()));
        cache = Cache.builder(cutOff, "texts", String.class)
                .options(value -> EntryOptions.NONE.tags("all"))
                .build();
        cache.put("1", "old");
        cache.put("2", "other");
    }

    @AfterEach
    void close() {
        cutOff.close();
        connected.close();
        proxy.close();
        server.close();
    }

    private void cut() {
        proxy.refuse();
        proxy.reset();
        await().atMost(PATIENCE).until(() -> cache.getIfPresent("2").isEmpty());
    }

    private void heal() {
        proxy.heal();
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> cutOff.getSync("anything"));
    }

    @Test
    void doesNotTrustKeysThatItCouldNotInvalidate() {
        cut();
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate("1"));
        assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);
        assertThat(cache.explain("1").pending()).isTrue();

        heal();

        assertThat(cache.get("1", key -> Optional.of("new"))).contains("new");
        assertThat(cache.get("2", key -> Optional.of("never loaded"))).contains("other");
        assertThat(cache.stats().pendingInvalidations()).isZero();
    }

    @Test
    void aPutThatFailedLeavesNoOldValue() {
        cut();
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.put("1", "new"));
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.putAbsence("2"));
        assertThat(cache.stats().pendingInvalidations()).isEqualTo(2);

        heal();

        assertThat(cache.get("1", key -> Optional.of("loaded"))).contains("loaded");
        assertThat(cache.lookup("2")).isInstanceOf(CacheMiss.class);
    }

    @Test
    void sendsPendingInvalidationsWithoutAnotherCall() {
        cut();
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.put("1", "new"));
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidateTag("all"));

        heal();

        Cache<String> elsewhere =
                Cache.builder(connected, "texts", String.class).build();
        await().atMost(PATIENCE)
                .until(() -> elsewhere.getIfPresent("1").isEmpty()
                        && elsewhere.getIfPresent("2").isEmpty());
    }

    @Test
    void invalidatesEverythingWhenTooManyKeysArePending() {
        cut();
        String[] keys = IntStream.rangeClosed(1, PendingInvalidations.MOST_KEYS + 1)
                .mapToObj(i -> "key " + i)
                .toArray(String[]::new);
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate(keys));
        assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);

        heal();

        await().atMost(PATIENCE).until(() -> cache.stats().pendingInvalidations() == 0);
        assertThat(SyncCore.of(connected).getBytes("texts::1")).isEmpty();
    }

    @Test
    void limitsConcurrentLoadsWhileRedisIsUnavailable() throws Exception {
        Cache<String> bounded = Cache.builder(cutOff, "bounded", String.class)
                .loadsWithoutRedis(3)
                .build();
        cut();
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        List<CompletableFuture<Optional<String>>> all = IntStream.range(0, 50)
                .mapToObj(i -> bounded.getAsync("" + i, key -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    three.countDown();
                    release.await();
                    now.decrementAndGet();
                    return Optional.of("value");
                }))
                .toList();
        three.await();
        release.countDown();

        for (CompletableFuture<Optional<String>> one : all) {
            assertThat(one.get()).contains("value");
        }
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }
}
