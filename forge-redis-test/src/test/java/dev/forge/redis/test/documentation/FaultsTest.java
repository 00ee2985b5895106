package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.FaultProxy;
import dev.forge.redis.test.RedisExtension;
import dev.forge.redis.test.ServerState;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RedisExtension.class)
class FaultsTest {
    @Test
    void aCommandHasRunThoughItsReplyIsLost(EmbeddedRedis redis) {
        try (FaultProxy proxy = FaultProxy.to(redis.port())) {
            RedisURI address = RedisURI.create(proxy.url());
            address.setTimeout(Duration.ofSeconds(2));
            try (RedisClient client = RedisClient.create(address);
                    StatefulRedisConnection<String, String> connection = client.connect()) {
                proxy.dropReplies();
                assertThatThrownBy(() -> connection.sync().incr("counter"))
                        .isInstanceOf(RedisCommandTimeoutException.class);

                assertThat(redis.command("GET", "counter")).isEqualTo("1");
            }
        }
    }

    @Test
    void writesAgainWhenTheServerIsAPrimaryAgain(EmbeddedRedis redis) {
        try (RedisClient client = RedisClient.create(redis.url());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            redis.enter(ServerState.READONLY);
            assertThatThrownBy(() -> connection.sync().set("key", "value")).isInstanceOf(RedisReadOnlyException.class);

            redis.recover();
            assertThat(connection.sync().set("key", "value")).isEqualTo("OK");
        }
    }
}
