package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.ServerState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheLogTest {

    private static final int LOOK_UPS = 50;

    @Test
    void warnsOnceWhenOnlyWritesAreRefused() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = Cache.builder(redis, "quiet", String.class).build();
            cache.get("first", key -> Optional.of("loaded"));

            String log = logged(() -> {
                server.enter(ServerState.OOM);
                lookUp(cache, "full");
                server.recover();
                lookUp(cache, "soon");
            });

            assertThat(log.lines().filter(line -> line.contains("The cache quiet")))
                    .satisfiesExactly(line -> assertThat(line).contains("WARN").contains("cannot store in Redis: "));
        }
    }

    @Test
    void logsNoRecoveryWhileItsKeysAreNotRead() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = RedisManager.create(RedisSettings.of(server.url()))) {
            Cache<String> cache = Cache.builder(redis, "quiet", String.class).build();
            cache.get("first", key -> Optional.of("loaded"));
            server.kill();
            lookUp(cache, "down");
            assertThatExceptionOfType(RedisFailure.class).isThrownBy(() -> cache.invalidate("first"));

            String log = logged(() -> await().during(Duration.ofSeconds(2))
                    .atMost(Promises.PATIENCE)
                    .until(() -> cache.getAll(List.of("first"), keys -> Map.of("first", "loaded"))
                            .equals(Map.of("first", "loaded"))));

            assertThat(log).doesNotContain("The cache quiet reads from Redis again");
        }
    }

    private static void lookUp(Cache<String> cache, String prefix) {
        for (int i = 0; i < LOOK_UPS; i++) {
            assertThat(cache.get(prefix + i, key -> Optional.of("loaded"))).contains("loaded");
        }
    }

    /** Returns what {@code run} writes to standard error, where the tests log. */
    static String logged(Runnable run) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            run.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
