package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.SyncCore;
import dev.forge.redis.codec.TypeRef;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.Ttl;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of sizes and durations of a cache, and results that a loader must not return. */
@NullUnmarked // loaders that return null
@Tag("slow")
class CacheBoundsTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, Integer.MAX_VALUE})
    void weighsNearValuesByTheirSizeInMemory(int compressAbove) {
        Cache<String> cache = Cache.builder(redis, "heavy", String.class)
                .nearCacheBytes(500_000)
                .compressAbove(compressAbove)
                .build();

        // As text, a value takes one byte for each character.
        assertThat(keptOf(cache, text -> text)).isBetween(1L, 5L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, Integer.MAX_VALUE})
    void weighsNearObjectsByTheirSizeBeforeCompression(int compressAbove) {
        Cache<List<String>> cache = Cache.builder(redis, "rows", new TypeRef<List<String>>() {})
                .nearCacheBytes(1_000_000)
                .compressAbove(compressAbove)
                .build();

        // As an object a value takes twice its encoded size.
        assertThat(keptOf(cache, List::of)).isBetween(1L, 5L);
    }

    /** Puts 50 values of about 100 KB and reads them; returns how many the near cache keeps. */
    private static <V> long keptOf(Cache<V> cache, Function<String, V> value) {
        for (int i = 0; i < 50; i++) {
            String rows = new Random(i)
                    .ints(12_000, 10, 100)
                    .mapToObj("row %d, "::formatted)
                    .collect(Collectors.joining());
            cache.put("" + i, value.apply(rows));
        }
        await().atMost(Promises.PATIENCE).until(() -> {
            cache.getIfPresent("0");
            return cache.stats().nearHits() > 0;
        });
        IntStream.range(0, 50).forEach(i -> cache.getIfPresent("" + i));
        return IntStream.range(0, 50).filter(i -> cache.explain("" + i).near()).count();
    }

    @Test
    void capsTheSumOfTtlAndStaleTime() {
        Cache<String> cache = Cache.builder(redis, "long", String.class)
                .ttl(Ttl.LONGEST)
                .ttlJitter(0)
                .staleFor(Duration.ofDays(30))
                .build();

        cache.put("put", "value");
        cache.get("loaded", key -> Optional.of("value"));

        assertThat(cache.getIfPresent("put")).contains("value");
        assertThat(Duration.ofMillis(SyncCore.of(redis).pttl("long::put")))
                .isBetween(Ttl.LONGEST.minusDays(1), Ttl.LONGEST);
        assertThat(Duration.ofMillis(SyncCore.of(redis).pttl("long::loaded")))
                .isBetween(Ttl.LONGEST.minusDays(1), Ttl.LONGEST);
    }

    @Test
    void refusesALargestValueAboveTheServerLimit() {
        CacheBuilder<String> builder = Cache.builder(redis, "large", String.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.largestValue(256 * 1024 * 1024 + 1))
                .withMessageContaining("largestValue must be from 1 to 268435456 bytes (256 MiB), but was 268435457");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.largestValue(0));
        assertThat(builder.largestValue(256 * 1024 * 1024).build().name()).isEqualTo("large");
    }

    @Test
    void namesTheArgumentThatIsNull() {
        Cache<String> plain = Cache.builder(redis, "null", String.class).build();
        Cache<String> near =
                Cache.builder(redis, "null", String.class).nearCache(10).build();

        for (Cache<String> cache : List.of(plain, near)) {
            assertThatNullPointerException()
                    .isThrownBy(() -> cache.get(null, key -> Optional.empty()))
                    .withMessage("key");
            assertThatNullPointerException()
                    .isThrownBy(() -> cache.getIfPresent(null))
                    .withMessage("key");
            assertThatNullPointerException()
                    .isThrownBy(() -> cache.put(null, "v"))
                    .withMessage("key");
        }
        assertThatNullPointerException()
                .isThrownBy(() -> SessionStore.create(redis).get(null))
                .withMessage("id");
    }

    @Test
    void namesTheCacheAndTheKeyWhenALoaderReturnsNull() {
        Cache<String> cache = Cache.builder(redis, "nulls", String.class).build();

        assertThatNullPointerException()
                .isThrownBy(() -> cache.get("1", key -> null))
                .withMessage("a loader of the cache nulls must return an Optional, but returned null for the key 1");
        assertThatNullPointerException()
                .isThrownBy(() -> cache.getAll(List.of("1", "2"), keys -> null))
                .withMessage("a bulk loader of the cache nulls must return a map, but returned null for the key 1"
                        + " and 1 more");
    }

    @Test
    void warnsOnceWhenABulkLoaderMapsAKeyToNull() {
        Cache<String> cache = Cache.builder(redis, "holes", String.class).build();
        Map<String, String> holes = new HashMap<>();
        holes.put("1", null);
        holes.put("2", "two");

        String log = CacheLogTest.logged(() -> {
            assertThat(cache.getAll(List.of("1", "2"), keys -> holes)).isEqualTo(Map.of("2", "two"));
            assertThat(cache.getAllAsync(List.of("1", "2"), keys -> holes).join())
                    .isEqualTo(Map.of("2", "two"));
        });

        assertThat(log.lines().filter(line -> line.contains("WARN")))
                .satisfiesExactly(line ->
                        assertThat(line).contains("A bulk loader of the cache holes returned null for the key 1"));
    }
}
