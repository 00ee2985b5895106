package dev.forge.redis.spring.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.EmbeddedRedisCluster;
import dev.forge.redis.test.EmbeddedRedisSentinels;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Forge and Spring Data Redis reach the same data with the same {@code spring.data.redis.*}. */
class ServerTopologyTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, DataRedisAutoConfiguration.class));

    @Test
    void findsOneServerItsUserAndDatabase() {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                .password("other")
                .user("ada", "s#cret", "~*", "&*", "+@all")
                .start()) {
            assertSameData(
                    "spring.data.redis.host=127.0.0.1",
                    "spring.data.redis.port=" + server.port(),
                    "spring.data.redis.username=ada",
                    "spring.data.redis.password=s#cret",
                    "spring.data.redis.database=3");

            assertThat(server.command("GET", "key")).isEmpty();
            assertSameData("spring.data.redis.url=redis://ada:s%23cret@127.0.0.1:" + server.port() + "/4");
        }
    }

    @Test
    void findsThePrimaryOfSentinels() {
        try (EmbeddedRedisSentinels sentinels = EmbeddedRedisSentinels.start()) {
            assertSameData(
                    "spring.data.redis.sentinel.master="
                            + sentinels.url().substring(sentinels.url().indexOf('#') + 1),
                    "spring.data.redis.sentinel.nodes=" + addresses(sentinels.sentinels()));
        }
    }

    @Test
    void findsTheNodesOfACluster() {
        try (EmbeddedRedisCluster cluster = EmbeddedRedisCluster.start()) {
            assertSameData("spring.data.redis.cluster.nodes=" + addresses(cluster.primaries()));
        }
    }

    private void assertSameData(String... properties) {
        application
                .withPropertyValues(properties)
                .withPropertyValues("forge.redis.required=true")
                .run(context -> {
                    context.getBean(RedisManager.class).setSync("key", "value");
                    assertThat(context.getBean(StringRedisTemplate.class)
                                    .opsForValue()
                                    .get("key"))
                            .isEqualTo("value");
                });
    }

    private static String addresses(List<EmbeddedRedis> servers) {
        return servers.stream().map(server -> "127.0.0.1:" + server.port()).collect(Collectors.joining(","));
    }
}
