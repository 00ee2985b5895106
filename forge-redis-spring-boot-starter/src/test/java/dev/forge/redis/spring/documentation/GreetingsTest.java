package dev.forge.redis.spring.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.embedded.AutoConfigureEmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@AutoConfigureEmbeddedRedis
class GreetingsTest {
    @Autowired
    private RedisManager redis;

    @Test
    void remembersAGreeting() {
        redis.setSync("greeting", "hello");

        assertThat(redis.getSync("greeting")).contains("hello");
    }
}
