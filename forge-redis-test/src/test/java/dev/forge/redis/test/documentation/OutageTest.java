package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class OutageTest {
    @Test
    void givesUpOnAnUnresponsiveServer(EmbeddedRedis redis) {
        RedisURI address = RedisURI.create(redis.url());
        address.setTimeout(Duration.ofSeconds(2));
        try (RedisClient client = RedisClient.create(address);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            redis.freeze();
            assertThatThrownBy(() -> connection.sync().ping()).isInstanceOf(RedisCommandTimeoutException.class);

            redis.thaw();
            assertThat(connection.sync().ping()).isEqualTo("PONG");
        }
    }
}
