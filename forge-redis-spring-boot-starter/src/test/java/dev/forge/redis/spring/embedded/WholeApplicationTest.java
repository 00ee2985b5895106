package dev.forge.redis.spring.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.data.redis.core.StringRedisTemplate;

@SpringBootTest(properties = "REDIS_CONNECTION_URL=redis://127.0.0.1:1")
@AutoConfigureEmbeddedRedis
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeApplicationTest {

    @Autowired
    private RedisManager redis;

    @Autowired
    private StringRedisTemplate template;

    @Autowired
    private EmbeddedRedis server;

    @Test
    @Order(1)
    void givesForgeAndSpringDataRedisOneServer() {
        redis.setSync("a", "1");

        assertThat(template.opsForValue().get("a")).isEqualTo("1");
        assertThat(server.command("GET", "a")).isEqualTo("1");
    }

    @Test
    @Order(2)
    void emptiesTheServerBeforeEachTest() {
        assertThat(server.command("DBSIZE")).isEqualTo("0");
        server.freeze();
    }

    @Test
    @Order(3)
    void thawsTheServerThatTheTestBeforeHasFrozen() {
        assertThat(server.command("PING")).isEqualTo("PONG");
        server.kill();
    }

    @Test
    @Order(4)
    void restartsTheServerThatTheTestBeforeHasKilled() {
        assertThat(server.command("PING")).isEqualTo("PONG");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(redis.getSync("a")).isEmpty());
    }
}
