package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.RedisExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another client stores hashes and lists at keys of the cache. */
class CacheWrongTypeTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private RedisManager redis;
    private RedisManager elsewhere;
    private final AtomicInteger loads = new AtomicInteger();

    /** How a cache is built: each reads in a different way. */
    enum Kind {
        PLAIN,
        NEAR,
        STALE;

        Cache<String> cache(RedisManager redis, String name) {
            CacheBuilder<String> builder =
                    Cache.builder(redis, name, String.class).ttl(Duration.ofMinutes(5));
            return switch (this) {
                case PLAIN -> builder.build();
                case NEAR -> builder.nearCache(10).build();
                case STALE -> builder.staleFor(Duration.ofMinutes(1)).build();
            };
        }
    }

    @BeforeEach
    void connect() {
        redis = RedisManager.create(RedisSettings.of(SERVER.url()));
        elsewhere = RedisManager.create(RedisSettings.of(SERVER.url()));
    }

    @AfterEach
    void close() {
        redis.close();
        elsewhere.close();
    }

    private void hashAt(String redisKey) {
        redis.getSyncClient().del(redisKey);
        redis.getSyncClient().hset(redisKey, "field", "value");
    }

    private Optional<String> load(String key) {
        loads.incrementAndGet();
        return Optional.of("loaded");
    }

    @ParameterizedTest
    @EnumSource
    void replacesAKeyOfAnotherTypeWithOneLoadForAll(Kind kind) throws Exception {
        Cache<String> here = kind.cache(redis, "typed");
        Cache<String> there = kind.cache(elsewhere, "typed");
        hashAt("typed::1");
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);

        CompletableFuture<Optional<String>> first = here.getAsync("1", key -> {
            loading.countDown();
            release.await();
            return load(key);
        });
        loading.await();
        List<CompletableFuture<Optional<String>>> others = new ArrayList<>();
        others.add(here.getAsync("1", this::load));
        others.add(there.getAsync("1", this::load));
        release.countDown();

        assertThat(first.get()).contains("loaded");
        for (CompletableFuture<Optional<String>> other : others) {
            assertThat(other.get()).contains("loaded");
        }
        assertThat(here.get("1", this::load)).contains("loaded");
        assertThat(loads).hasValue(1);
        assertThat(here.stats().unreadable()).isEqualTo(1);
        assertThat(here.stats().redisFailures() + there.stats().redisFailures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void replacesAKeyOfAnotherTypeInABulkLookUp(Kind kind) {
        Cache<String> cache = kind.cache(redis, "many");
        hashAt("many::1");
        hashAt("many::2");

        Map<String, String> all = cache.getAll(List.of("1", "2"), keys -> {
            loads.incrementAndGet();
            return Map.of("1", "one", "2", "two");
        });

        assertThat(all).isEqualTo(Map.of("1", "one", "2", "two"));
        assertThat(cache.get("1", this::load)).contains("one");
        assertThat(cache.get("2", this::load)).contains("two");
        assertThat(loads).hasValue(1);
        assertThat(cache.stats().unreadable()).isEqualTo(2);
        assertThat(cache.stats().redisFailures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void getIfPresentFindsNothingAndChangesNothing(Kind kind) {
        Cache<String> cache = kind.cache(redis, "looked");
        hashAt("looked::1");

        assertThat(cache.getIfPresent("1")).isEmpty();

        assertThat(cache.stats().unreadable()).isEqualTo(1);
        assertThat(cache.stats().misses()).isEqualTo(1);
        assertThat(cache.stats().redisFailures()).isZero();
        assertThat(redis.getSyncClient().hget("looked::1", "field")).isEqualTo("value");
        assertThat(cache.explain("1").state()).isEqualTo(Explanation.State.UNREADABLE);
    }

    @Test
    void aHashWrittenDuringALoadKeepsItsValueFromBeingStored() {
        Cache<String> cache = Kind.PLAIN.cache(redis, "refused");

        Optional<String> loaded = cache.get("1", key -> {
            hashAt("refused::1");
            return load(key);
        });

        assertThat(loaded).contains("loaded");
        assertThat(redis.getSyncClient().hget("refused::1", "field")).isEqualTo("value");
        assertThat(cache.stats().rejectedStores()).isEqualTo(1);
        assertThat(cache.stats().redisFailures()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void warnsOnceWithTheKeyCutAndEscaped(Kind kind) {
        Cache<String> cache = kind.cache(redis, "warned");
        String key = "line\u2028break" + "x".repeat(100);
        hashAt("warned::" + key);
        hashAt("warned::2");

        String log = CacheLogTest.logged(() -> {
            cache.getIfPresent(key);
            cache.get(key, this::load);
            cache.get("2", this::load);
            cache.getAll(List.of("2"), keys -> Map.of());
        });

        assertThat(log.lines().filter(line -> line.contains("the cache warned")))
                .satisfiesExactly(line -> assertThat(line)
                        .contains("WARN")
                        .contains("The key warned::line\\u2028break")
                        .contains("holds a value that is not a string")
                        .doesNotContain("x".repeat(64)));
        assertThat(log).doesNotContain("without Redis").doesNotContain("stores nothing");
    }

    @Test
    void warnsOfAKeyOfAnotherTypeInABulkLookUp() {
        Cache<String> cache = Kind.PLAIN.cache(redis, "met");
        hashAt("met::1");

        String log = CacheLogTest.logged(() -> cache.getAll(List.of("1"), keys -> Map.of()));

        assertThat(log).contains("The key met::1 of the cache met holds a value that is not a string");
    }

    @Test
    void otherReadErrorsReplaceNothing() {
        redis.getSyncClient().set("denied::1", "something");
        SERVER.server().command("ACL", "SETUSER", "blind", "on", ">secret", "~*", "&*", "+@all", "-get");
        RedisLogin blind = RedisLogin.of("blind", "secret");
        try (RedisManager denied = RedisManager.create(
                RedisSettings.builder(SERVER.url()).login(blind).build())) {
            Cache<String> cache = Kind.PLAIN.cache(denied, "denied");

            assertThat(cache.getAll(List.of("1", "2"), keys -> Map.of("2", "two")))
                    .isEqualTo(Map.of("2", "two"));

            assertThat(cache.stats().redisFailures()).isPositive();
        }
        assertThat(redis.getSync("denied::1")).contains("something");
        assertThat(redis.getSync("denied::2")).isEmpty();
    }
}
