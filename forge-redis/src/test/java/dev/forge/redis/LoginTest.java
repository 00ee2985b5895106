package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import org.junit.jupiter.api.Test;

class LoginTest {

    private static final int MANAGERS = 100;

    @Test
    void sendsTheFirstCommandOnceItIsLoggedIn() {
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().user("app", "app", "~*", "+@all").start()) {
            RedisSettings settings = RedisSettings.builder(server.url())
                    .login(RedisLogin.of("app", "app"))
                    .build();
            for (int i = 0; i < MANAGERS; i++) {
                try (RedisManager redis = RedisManager.create(settings)) {
                    assertThat(redis.getSync("a")).isEmpty();
                }
            }
        }
    }
}
