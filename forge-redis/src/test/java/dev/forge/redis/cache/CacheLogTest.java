package dev.forge.redis.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.ServerState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
