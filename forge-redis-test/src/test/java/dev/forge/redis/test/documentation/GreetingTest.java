package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.RedisExtension;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GreetingTest {
    @RegisterExtension
    static final RedisExtension REDIS = RedisExtension.create();

    @Test
    void remembersAGreeting() {
        try (RedisClient client = RedisClient.create(REDIS.url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set("greeting", "hello");

            assertThat(connection.sync().get("greeting")).isEqualTo("hello");
        }
    }
}
