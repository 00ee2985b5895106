package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.RedisExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest
class ApplicationTest {
    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry properties) {
        properties.add("forge.redis.connection-url", REDIS::url);
    }

    @Test
    void isToldTheAddress(@Autowired Environment environment) {
        assertThat(environment.getProperty("forge.redis.connection-url")).isEqualTo(REDIS.url());
    }
}
