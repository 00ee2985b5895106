package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Health;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that deny one command, as managed services and cautious operators do: everything else works. */
class DeniedCommandTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private EmbeddedRedis server;
    private RedisManager redis;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.builder()
                .user("app", "secret", "~*", "&*", "+@all")
                .start();
        redis = RedisManager.create(RedisSettings.builder(server.url())
                .login(RedisLogin.of("app", "secret"))
                .socketTimeout(LIMIT)
                .build());
    }

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "evalsha", "role", "pttl", "scan", "unlink", "eval", "info"})
    void worksWithoutADeniedCommandAndNamesThePermission(String command) {
        deny(command);

        redis.initializeSync();
        redis.setSync("a", "1");
        assertThat(redis.getSync("a")).contains("1");
        assertThat(redis.healthSync()).isInstanceOf(Health.Up.class);
        assertThat(redis.diagnoseSync().findings()).anySatisfy(finding -> {
            assertThat(finding.code()).isEqualTo(Finding.Code.MISSING_PERMISSION);
            assertThat(finding.what()).contains(command);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "role"})
    void readsFromRedisWithoutPermissionForTracking(String command) {
        deny(command);
        Cache<String> cache =
                Cache.builder(redis, "n", String.class).nearCache(100).build();
        AtomicInteger loads = new AtomicInteger();

        for (int i = 0; i < 3; i++) {
            assertThat(cache.get("1", id -> Optional.of("v" + loads.incrementAndGet())))
                    .contains("v1");
        }
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(redis.healthSync().toString())
                        .contains("tracking=off: " + command.toUpperCase(Locale.ROOT))
                        .contains("NOPERM"));
    }

    @Test
    void loadsEachTimeWithoutPermissionForScripts() {
        deny("eval");
        Cache<String> cache = Cache.builder(redis, "n", String.class).build();

        assertThat(cache.get("1", id -> Optional.of("a"))).contains("a");
        assertThat(cache.get("1", id -> Optional.of("b"))).contains("b");
        assertThat(RateLimiter.of(redis, "api", Algorithm.SLIDING_WINDOW, List.of(Limit.of(2, Duration.ofMinutes(1))))
                        .tryAcquire("ada"))
                .isInstanceOf(Decision.Allowed.class);
        assertRefused(() -> SessionStore.create(redis).create("ada", Map.of()));
    }

    @Test
    void refusesSessionsWithoutPermissionForKnownScripts() {
        deny("evalsha");
        SessionStore sessions = SessionStore.create(redis);
        sessions.create("ada", Map.of());

        assertRefused(() -> sessions.create("ada", Map.of()));
    }

    @Test
    void refusesSessionsWithoutPermissionToReadTtls() {
        deny("pttl");

        assertRefused(() -> SessionStore.create(redis).create("ada", Map.of()));
    }

    @Test
    void deletesSingleKeysWithoutPermissionToScan() {
        deny("scan");
        redis.setSync("a", "1");

        assertRefused(() -> redis.deletePatternSync("a*"));
        assertThat(redis.deleteSync("a")).isEqualTo(1);
    }

    @Test
    void reportsThatItMayNotDelete() {
        deny("unlink");
        Cache<String> cache = Cache.builder(redis, "n", String.class).build();
        cache.put("1", "a");

        assertRefused(() -> redis.deleteSync("a"));
        assertRefused(() -> cache.invalidate("1"));
        // An invalidated value is not served, though it still exists.
        assertThat(cache.getIfPresent("1")).isEmpty();
    }

    /** Without a connection no command is permitted, which says nothing about the permissions for them. */
    @Test
    void diagnosesAConnectionThatIsNotPermitted() {
        deny("select");
        try (RedisManager second = RedisManager.create(RedisSettings.builder(server.url() + "/1")
                .login(RedisLogin.of("app", "secret"))
                .socketTimeout(LIMIT)
                .build())) {
            assertThat(second.diagnoseSync().findings())
                    .satisfiesExactly(finding -> assertThat(finding.what()).contains("'select'"));
        }
    }

    @Test
    void reportsWhatIsUnknownWithoutInfo() {
        deny("info");

        assertThat(redis.healthSync()).isInstanceOfSatisfying(Health.Up.class, up -> {
            assertThat(up.details().role()).isEqualTo("unknown");
            assertThat(up.details().version()).isEqualTo("unknown");
            assertThat(up.details().usedMemory()).isEqualTo(-1);
        });
    }

    /** Redis lets every user run HELLO; only renaming it, or a proxy, can remove it. */
    @Test
    void namesTheRequirementsIfThereIsNoHello() {
        try (EmbeddedRedis without = EmbeddedRedis.builder()
                        .option("rename-command", "HELLO", "")
                        .start();
                RedisManager manager = RedisManager.create(RedisSettings.builder(without.url())
                        .login(RedisLogin.of("app", "CANARY"))
                        .socketTimeout(LIMIT)
                        .build())) {
            assertThat(catchThrowable(manager::initializeSync))
                    .isInstanceOf(RedisRefusedException.class)
                    .hasMessageContainingAll("unknown command", "HELLO", "; Forge needs Redis 6.2 or later")
                    .hasMessageNotContaining("CANARY");
            assertThat(manager.healthSync().toString()).contains("Forge needs Redis 6.2 or later");
        }
    }

    private void deny(String command) {
        server.command("ACL", "SETUSER", "app", "-" + command);
    }

    private static void assertRefused(Runnable operation) {
        RedisRefusedException refused = catchThrowableOfType(RedisRefusedException.class, operation::run);
        assertThat(refused.reason()).isEqualTo(RefusalReason.NOPERM);
    }
}
