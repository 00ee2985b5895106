package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongUrlTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource({
        "redis-cluster://127.0.0.1:%d, not part of a cluster: use redis:// instead of redis-cluster://",
        "redis-sentinel://127.0.0.1:%d#mymaster, redis:// instead of redis-sentinel://"
    })
    void namesTheUrlOfOneServer(String url, String advice) {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = manager(String.format(url, server.port()))) {
            assertThat(catchThrowable(() -> redis.getSync("a")))
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageContaining(advice);
        }
    }

    @Test
    void namesTheUrlOfACluster() {
        String advice = "part of a cluster: use redis-cluster:// instead of redis://";
        try (EmbeddedRedisCluster cluster =
                        EmbeddedRedisCluster.builder().replicas(0).start();
                RedisManager redis = manager(cluster.nodes().get(0).url())) {
            String elsewhere = IntStream.range(0, 1_000)
                    .mapToObj(Integer::toString)
                    .filter(key -> cluster.primaryOf(key) != cluster.nodes().get(0))
                    .findFirst()
                    .orElseThrow();

            assertThat(catchThrowable(() -> redis.getSync(elsewhere)))
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageContaining("refused: MOVED")
                    .hasMessageContaining(advice);
        }
    }

    @Test
    void saysThatTheServerRequiresALogin() {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password("secret").start();
                RedisManager redis = manager(server.url())) {
            assertThat(catchThrowable(() -> redis.getSync("a")))
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageEndingWith("NOAUTH; it requires a login, and the settings have none");
        }
    }

    private static RedisManager manager(String url) {
        return RedisManager.create(
                RedisSettings.builder(url).socketTimeout(LIMIT).build());
    }
}
