package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The near cache as seen by callers of a cache; {@link dev.forge.redis.internal.cache.NearCacheTest NearCacheTest} and
 * related tests cover the algorithm.
 */
class CacheNearTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RedisManager redis;
    private RedisManager elsewhere;
    private Cache<String> cache;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        elsewhere = RedisManager.create(RedisSettings.of(SERVER.url()));
        cache = near().build();
    }

    @AfterEach
    void close() {
        redis.close();
        elsewhere.close();
    }

    private CacheBuilder<String> near() {
        return Cache.builder(redis, "near", String.class).nearCache(1_000);
    }

    private static void awaitNear(Cache<String> cache, String key) {
        await().atMost(PATIENCE).until(() -> {
            cache.get(key, missing -> Optional.of("loaded"));
            return cache.explain(key).near();
        });
    }

    @Test
    void answersFromMemoryUntilTheKeyChanges() {
        cache.put("1", "one");
        awaitNear(cache, "1");
        long before = cache.stats().nearHits();

        assertThat(cache.get("1", key -> Optional.empty())).contains("one");
        assertThat(cache.getAsync("1", key -> Optional.empty()).join()).contains("one");
        assertThat(cache.getAll(List.of("1", "2"), keys -> Map.of("2", "two")))
                .isEqualTo(Map.of("1", "one", "2", "two"));
        assertThat(cache.getIfPresent("1")).contains("one");
        assertThat(cache.stats().nearHits() - before).isEqualTo(4);

        Cache.builder(elsewhere, "near", String.class).build().put("1", "changed");
        await().atMost(PATIENCE)
                .until(() -> cache.get("1", key -> Optional.empty()).equals(Optional.of("changed")));
        elsewhere.getSyncClient().del("near::1");
        await().atMost(PATIENCE)
                .until(() -> cache.get("1", key -> Optional.of("new")).equals(Optional.of("new")));
    }

    @Test
    void keepsValuesFoundByGetIfPresent() {
        cache.put("1", "one");

        await().atMost(PATIENCE).until(() -> {
            assertThat(cache.getIfPresent("1")).contains("one");
            assertThat(cache.getIfPresent("missing")).isEmpty();
            return cache.stats().nearHits() > 10;
        });

        assertThat(cache.explain("1").near()).isTrue();
        assertThat(cache.explain("missing").state()).isEqualTo(Explanation.State.NOTHING);
        Cache.builder(elsewhere, "near", String.class).build().invalidate("1");
        await().atMost(PATIENCE).until(() -> cache.getIfPresent("1").isEmpty());
    }

    @Test
    void readsItsOwnWritesAtOnce() {
        awaitNear(cache, "1");
        for (int i = 0; i < 200; i++) {
            cache.put("1", "value " + i);
            assertThat(cache.get("1", key -> Optional.empty())).contains("value " + i);
            assertThat(cache.get("1", key -> Optional.empty())).contains("value " + i);
            if (i % 5 == 0) {
                cache.invalidate("1");
                assertThat(cache.getIfPresent("1")).isEmpty();
            }
        }
        awaitNear(cache, "1");
        cache.clear();
        assertThat(cache.getIfPresent("1")).isEmpty();
    }

    @Test
    void keepsNoOldValueOnceAnEarlyMissHasStoredANewOne() throws Exception {
        try (RedisManager slow = RedisManager.create(RedisSettings.builder(SERVER.url())
                .nearMaxStaleness(Duration.ofMinutes(1))
                .build())) {
            LateInvalidations invalidations = new LateInvalidations();
            CoreAccess.coreOf(slow).tracking().listen(invalidations);
            Cache<String> early = Cache.builder(slow, "early", String.class)
                    .nearCache(1_000)
                    .earlyRefresh()
                    .build();
            awaitNear(early, "warm");

            for (int i = 0, replaced = 0; replaced < 2; i++) {
                String key = "key " + i;
                early.get(key, missing -> {
                    Promises.pause(Duration.ofMillis(100));
                    return Optional.of("old");
                });
                elsewhere.getSyncClient().pexpire("early::" + key, 150);
                NearCaches.awaitInvalidations(slow);
                invalidations.hold("early::" + key);
                // Whether a value is due, and whether it is kept meanwhile, are random choices of their own.
                if (early.lookup(key) instanceof CacheMiss<String> miss) {
                    replaced += early.explain(key).near() ? 1 : 0;
                    assertThat(miss.store("new")).isTrue();
                    assertThat(early.explain(key).near()).isFalse();
                }
                invalidations.release();
            }
        }
    }

    /** A listener before those of caches, which keeps invalidations of one key from them while it holds these. */
    private static final class LateInvalidations implements Tracking.Listener {
        private volatile CountDownLatch held = new CountDownLatch(0);
        private volatile String heldKey = "";

        void hold(String key) {
            held = new CountDownLatch(1);
            heldKey = key;
        }

        void release() {
            held.countDown();
        }

        @Override
        public void changed(String key) {
            try {
                if (key.equals(heldKey)) {
                    held.await(10, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void allChanged() {}
    }

    @Test
    void keepsAbsenceUntilThereIsAValue() {
        Cache<String> absent = near().cacheAbsence(Duration.ofMinutes(1)).build();
        await().atMost(PATIENCE).until(() -> {
            absent.get("1", key -> Optional.empty());
            return absent.explain("1").near();
        });

        elsewhere.getSyncClient().del("near::1");

        await().atMost(PATIENCE)
                .until(() -> absent.get("1", key -> Optional.of("new")).equals(Optional.of("new")));
    }

    @Test
    void keepsNoStaleOrTaggedValue() {
        Cache<String> tagged =
                near().options(value -> EntryOptions.NONE.tags("all")).build();
        tagged.put("1", "tagged");
        awaitNear(cache, "warm");

        assertThat(tagged.get("1", key -> Optional.empty())).contains("tagged");
        assertThat(tagged.explain("1").near()).isFalse();

        Cache<String> staling = near().ttl(Duration.ofMillis(50))
                .staleFor(Duration.ofMinutes(1))
                .build();
        staling.put("2", "old");
        CountDownLatch release = new CountDownLatch(1);
        await().atMost(PATIENCE).until(() -> {
            assertThat(staling.get("2", key -> {
                        release.await();
                        return Optional.of("new");
                    }))
                    .contains("old");
            return staling.stats().stale() > 10;
        });
        assertThat(staling.explain("2").near()).isFalse();
        release.countDown();
    }

    @Test
    void noticesAFrozenServerHoweverLongValuesMayBeServed() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager patient = RedisManager.create(RedisSettings.builder(server.url())
                        .nearMaxStaleness(Duration.ofMinutes(1))
                        .build())) {
            Cache<String> kept =
                    Cache.builder(patient, "kept", String.class).nearCache(100).build();
            awaitNear(kept, "warm");

            server.freeze();
            long start = System.nanoTime();
            Optional<String> loaded = kept.get("cold", key -> Optional.of("loaded"));

            assertThat(loaded).contains("loaded");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
            server.thaw();
        }
    }

    @Test
    void keepsValuesWhoseDecodingTakesLongerThanTheBound() {
        try (RedisManager strict = RedisManager.create(RedisSettings.builder(SERVER.url())
                .nearMaxStaleness(Duration.ofMillis(250))
                .build())) {
            Cache<String> large = Cache.builder(strict, "large", new SlowCodec())
                    .nearCache(100)
                    .build();
            large.put("1", "large ".repeat(10_000));

            awaitNear(large, "1");

            assertThat(large.stats().loads()).isZero();
        }
    }

    /** Decodes slowly, as large values are decoded. */
    private static final class SlowCodec implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            Promises.pause(Duration.ofMillis(500));
            return new String(bytes, UTF_8);
        }
    }

    @Test
    void leavesNothingInItsManagerWhenItIsNoLongerUsed() {
        WeakReference<String> unused = keptByACacheUsedOnce();

        await().atMost(Promises.PATIENCE).until(() -> {
            System.gc();
            return unused.get() == null;
        });
        cache.put("1", "one");
        awaitNear(cache, "1");
        elsewhere.getSyncClient().del("near::1");
        await().atMost(PATIENCE).until(() -> cache.getIfPresent("1").isEmpty());
    }

    private WeakReference<String> keptByACacheUsedOnce() {
        Cache<String> used = near().build();
        awaitNear(used, "1");
        return new WeakReference<>(used.getIfPresent("1").orElseThrow());
    }

    @Test
    void wakesCallersThatWaitForAnotherProcess() throws Exception {
        awaitNear(cache, "warm");
        CountDownLatch release = new CountDownLatch(1);
        Cache<String> there = Cache.builder(elsewhere, "near", String.class).build();
        CompletableFuture<Optional<String>> loading = there.getAsync("1", key -> {
            release.await();
            return Optional.of("loaded there");
        });
        await().atMost(PATIENCE).until(() -> there.explain("1").state() == Explanation.State.LEASE);

        CompletableFuture<Optional<String>> waiting = cache.getAsync("1", key -> Optional.of("loaded here"));
        await().atMost(PATIENCE).until(() -> cache.stats().waits() == 1);
        release.countDown();

        assertThat(loading.get()).contains("loaded there");
        assertThat(waiting.get()).contains("loaded there");
    }
}
