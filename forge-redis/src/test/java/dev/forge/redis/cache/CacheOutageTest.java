package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.RedisFailure;
import dev.forge.redis.RedisManager;
import dev.forge.redis.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheOutageTest {

    @Test
    void loadsWithoutRedisAndStoresAgainWhenItIsBack() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = Cache.builder(redis, "texts", String.class).build();
            assertThat(cache.get("a", key -> Optional.of("1"))).contains("1");
            server.kill();

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> cache.get("a", key -> Optional.of("2")).equals(Optional.of("2")));
            assertThat(cache.getAsync("a", key -> Optional.of("3")).join()).contains("3");
            assertThat(cache.getAll(List.of("a", "b"), keys -> Map.of("b", "4")))
                    .isEqualTo(Map.of("b", "4"));
            assertThat(cache.getIfPresent("a")).isEmpty();
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate("a"));
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.put("a", "5"));
            assertThat(cache.stats().redisFailures()).isGreaterThanOrEqualTo(3);
            server.restart();

            await().atMost(Duration.ofSeconds(10)).until(() -> {
                cache.get("a", key -> Optional.of("6"));
                return cache.getIfPresent("a").isPresent();
            });
        }
    }
}
