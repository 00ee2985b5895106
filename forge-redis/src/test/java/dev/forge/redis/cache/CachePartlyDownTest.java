package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.util.List;
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

/** A cluster of which one primary does not reply, and has no replica: the keys of the others are served as always. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CachePartlyDownTest {

    private static EmbeddedRedisCluster cluster;
    private static EmbeddedRedis down;
    private RedisManager redis;

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

    @Test
    void sendsThePendingInvalidationsOfTheOthers() {
        Cache<String> cache = Cache.builder(redis, "partly", String.class).build();
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
}
