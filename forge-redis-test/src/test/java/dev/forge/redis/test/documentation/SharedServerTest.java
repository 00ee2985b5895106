package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

class SharedServerTest {
    abstract static class RedisTest {
        private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

        @DynamicPropertySource
        static void redis(DynamicPropertyRegistry properties) {
            properties.add("forge.redis.connection-url", REDIS::url);
        }
    }

    @Test
    void theServerIsThereBeforeAnyTest() {
        assertThat(RedisTest.REDIS.isRunning()).isTrue();
    }
}
