package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.health.Health;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {

    @Test
    void connectsOverAUnixSocket(@TempDir Path folder) {
        Path socket = folder.resolve("redis.sock");
        try (EmbeddedRedis server = EmbeddedRedis.builder().unixSocket(socket).start();
                RedisManager redis =
                        RedisManager.create(RedisSettings.of("redis-socket://" + socket + "?database=1"))) {
            redis.setSync("a", "1");

            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
            server.kill();
            server.restart();
            await().atMost(Duration.ofSeconds(10)).until(() -> redis.healthSync() instanceof Health.Up);
        }
    }
}
