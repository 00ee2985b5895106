package dev.forge.redis.test.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.EmbeddedRedis;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void startsAServerWithOptions() {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .option("maxmemory", "10mb")
                .option("maxmemory-policy", "allkeys-lru")
                .option("save", "60", "1")
                .start()) {
            assertThat(redis.isRunning()).isTrue();
        }
    }
}
