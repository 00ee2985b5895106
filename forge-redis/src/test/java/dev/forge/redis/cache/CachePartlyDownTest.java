package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluster of which one primary does not reply, and has no replica: the keys of the others are served as always. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CachePartlyDownTest {

    private static EmbeddedRedisCluster cluster;
    private static EmbeddedRedis down;
    private RedisManager redis;

    /** How a cache is built: each reads many keys in another way. */
    enum Kind {
        PLAIN,
        NEAR,
        STALE;

        Cache<String> cache(RedisManager redis) {
            CacheBuilder<String> builder = Cache.builder(redis, "partly", String.class);
            return switch (this) {
                case PLAIN -> builder.build();
                case NEAR -> builder.nearCache(10_000).build();
                case STALE -> builder.staleFor(Duration.ofMinutes(1)).build();
            };
        }
    }

    @BeforeAll
    static void startCluster() {
        cluster = EmbeddedRedisCluster.builder()
                .replicas(0)
                .option("cluster-require-full-coverage", "no")
                .start();
        down = cluster.nodes().get(0);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        cluster.nodes().forEach(node -> node.command("FLUSHALL"));
        redis = RedisManager.create(RedisSettings.of(cluster.url()));
    }

    @AfterEach
    void close() {
        redis.close();
        cluster.nodes().forEach(EmbeddedRedis::thaw);
        cluster.awaitReady(Promises.PATIENCE);
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
    }

    private static void fill(Cache<String> cache, List<String> keys) {
        cache.putAll(keys.stream().collect(Collectors.toMap(Function.identity(), key -> "stored")));
    }

    @ParameterizedTest
    @EnumSource
    void loadsOnlyTheKeysOfThatPrimary(Kind kind) {
        Cache<String> cache = kind.cache(redis);
        List<String> keys = keys(60);
        fill(cache, keys);
        Set<String> lost = keys.stream()
                .filter(key -> cluster.primaryOf("partly::" + key).equals(down))
                .collect(Collectors.toSet());
        down.freeze();
        String changed = lost.iterator().next();
        await().atMost(Promises.PATIENCE).until(() -> catchThrowable(() -> cache.put(changed, "new")) != null);

        Set<String> loaded = new HashSet<>();
        Map<String, String> values = cache.getAll(keys, missing -> {
            loaded.addAll(missing);
            return missing.stream().collect(Collectors.toMap(Function.identity(), key -> "loaded"));
        });

        assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);
        assertThat(values.keySet()).containsExactlyElementsOf(keys);
        assertThat(loaded).isEqualTo(lost);
    }

    @Test
    void sendsThePendingInvalidationsOfTheOthers() {
        Cache<String> cache = Kind.PLAIN.cache(redis);
        List<String> keys = keys(3_000);
        fill(cache, keys);
        cluster.nodes().forEach(EmbeddedRedis::freeze);
        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate(keys.toArray(String[]::new)));

        List<EmbeddedRedis> others = cluster.nodes().subList(1, 3);
        others.forEach(EmbeddedRedis::thaw);

        await().atMost(Promises.PATIENCE)
                .until(() ->
                        others.stream().allMatch(node -> node.command("DBSIZE").equals("0")));
        assertThat(cache.stats().pendingInvalidations()).isPositive();
        down.thaw();
        await().atMost(Promises.PATIENCE).until(() -> cache.stats().pendingInvalidations() == 0);
        assertThat(down.command("DBSIZE")).isEqualTo("0");
    }

    @Test
    void removesValuesOfTheOthersWhileThatPrimaryHasTheMarksOfChanges() {
        String name = IntStream.range(0, 100)
                .mapToObj(i -> "marked" + i)
                .filter(each -> cluster.primaryOf("{" + each + ":.changed}").equals(down))
                .findFirst()
                .orElseThrow();
        Cache<String> cache = Cache.builder(redis, name, String.class)
                .longestSnapshot(() -> Duration.ofMinutes(1))
                .build();
        String key = keys(60).stream()
                .filter(each -> !cluster.primaryOf(name + "::" + each).equals(down))
                .findFirst()
                .orElseThrow();
        cache.put(key, "stored");
        down.freeze();

        assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate(key));

        assertThat(cluster.primaryOf(name + "::" + key).command("EXISTS", name + "::" + key))
                .isEqualTo("0");
        assertThat(cache.stats().pendingInvalidations()).isEqualTo(1);
    }
}
