package dev.forge.redis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.Decision;
import dev.forge.redis.ratelimit.Limit;
import dev.forge.redis.ratelimit.RateLimiter;
import dev.forge.redis.session.SaveResult;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class AclTest {

    private static final String PASSWORD = "secret";

    private EmbeddedRedis server;
    private RedisSettings settings;

    @BeforeEach
    void start() {
        server = EmbeddedRedis.builder()
                .option("user", ShippedAcl.rules(PASSWORD).toArray(String[]::new))
                .option("user", "admin", "on", ">admin", "~*", "&*", "+@all")
                .start();
        server.command("ACL", "SETUSER", "default", "off");
        settings = RedisSettings.builder(server.url())
                .login(RedisLogin.of(ShippedAcl.USER, PASSWORD))
                .keyPrefix(ShippedAcl.PREFIX)
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void allowsExactlyTheCommandsThatForgeSends() throws IOException {
        try (Monitor monitor = new Monitor(server.port(), "admin", "admin")) {
            try (RedisManager redis = RedisManager.create(settings)) {
                useValues(redis);
                useCache(redis);
                useLimits(redis);
                useSessions(redis);
                useTracking(redis);
                assertThat(redis.healthSync()).isInstanceOf(Health.Up.class);
                assertThat(redis.diagnoseSync().has(Finding.Code.MISSING_PERMISSION))
                        .isFalse();
                redis.setSync("the last", "1");
            }

            await().atMost(Duration.ofSeconds(10)).until(() -> monitor.saw("the last"));
            assertThat(monitor.commands())
                    .contains("get", "mget", "set", "unlink", "scan", "evalsha", "hset", "setrange", "info")
                    .isSubsetOf(ShippedAcl.commands());
        }
        // A refused command is not run, and so not monitored.
        assertThat(server.command("ACL", "LOG")).isEmpty();
    }

    @Test
    void documentsThePurposeOfEachPermission() throws IOException {
        String file = Files.readString(Path.of("../docs/redis-acl.conf"));
        String reasons = file.substring(0, file.indexOf("\nuser "));
        String page = Files.readString(Path.of("../docs/acl.md"));

        assertThat(ShippedAcl.commands()).hasSizeGreaterThan(25).allSatisfy(command -> {
            assertThat(reasons).containsPattern("\\b" + command.replace("|", "\\|") + "\\b");
            assertThat(page).contains("`" + command.replace('|', ' ').toUpperCase(Locale.ROOT) + "`");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET other",
                "SET other 1",
                "MGET app:a other",
                "UNLINK other",
                "EXISTS other",
                "PTTL other",
                "EVAL return(1) 1 other",
                "KEYS *",
                "RANDOMKEY",
                "DBSIZE",
                "FLUSHALL",
                "FLUSHDB",
                "SWAPDB 0 1",
                "CONFIG GET *",
                "CONFIG SET maxmemory 1",
                "CONFIG REWRITE",
                "DEBUG SLEEP 0",
                "SHUTDOWN NOSAVE",
                "SAVE",
                "BGSAVE",
                "BGREWRITEAOF",
                "REPLICAOF 127.0.0.1 1",
                "FAILOVER",
                "ACL LIST",
                "ACL SETUSER forge +@all",
                "MONITOR",
                "SLOWLOG GET",
                "MODULE LIST",
                "CLIENT LIST",
                "CLIENT KILL TYPE normal",
                "CLIENT PAUSE 1",
                "SCRIPT FLUSH",
                "SCRIPT KILL",
                "PUBLISH app:a 1",
                "SUBSCRIBE app:a",
                "DUMP app:a",
                "RESTORE app:a 0 x",
                "MIGRATE 127.0.0.1 1 app:a 0 10",
                "RENAME app:a other",
                "COPY app:a app:b",
                "OBJECT ENCODING app:a",
                "CLUSTER RESET",
                "CLUSTER FAILOVER",
            })
    void refusesEverythingElse(String command) {
        assertThatExceptionOfType(RedisCommandExecutionException.class)
                .isThrownBy(() -> call(command.split(" ")))
                .withMessageStartingWith("NOPERM");
    }

    @Test
    void refusesAScriptThatAccessesAnUndeclaredKey() {
        server.command("SET", "other", "1");

        for (String script : List.of(
                "return redis.call('GET', 'other')",
                "return redis.call('KEYS', '*')",
                "return redis.call('FLUSHALL')")) {
            assertThatExceptionOfType(RedisCommandExecutionException.class)
                    .isThrownBy(() -> call("EVAL", script, "0"))
                    .withMessageMatching(
                            "(?s).*(NOPERM|[Tt]he user executing the script can't |ACL failure in script).*");
        }
    }

    @Test
    void isDisabledUntilItHasAPassword() throws IOException {
        String file = Files.readString(Path.of("../docs/redis-acl.conf"), StandardCharsets.UTF_8);

        assertThat(file.lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).startsWith("user forge off ").doesNotContain("nopass", ">", " #"));
    }

    @Test
    void givesOtherTestsTheSamePermissionsAndAFewMore() throws IOException {
        String file = Files.readString(Path.of("src/test/resources/least-privilege.conf"));
        List<String> rules =
                List.of(file.substring(file.indexOf("\nuser ")).strip().split(" "));
        List<String> own = new ArrayList<>(rules);
        own.removeAll(ShippedAcl.rules(PASSWORD));

        assertThat(rules)
                .contains("-@all")
                .containsAll(
                        ShippedAcl.commands().stream().map(name -> "+" + name).toList());
        assertThat(own)
                .containsExactlyInAnyOrder(
                        ("user default nopass ~* +keys +dbsize +dump +lpush +incr +client|list +client|kill"
                                        + " +script|flush +psync +replconf")
                                .split(" "));
    }

    private static void useTracking(RedisManager redis) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> CoreAccess.coreOf(redis).tracking().epochOf("k") != null);
        CoreAccess.coreOf(redis)
                .tracking()
                .read(requireNonNull(CoreAccess.coreOf(redis).tracking().epochOf("k")), "k")
                .join();
    }

    private static void useValues(RedisManager redis) {
        redis.setSync("a", "1");
        redis.setSync("b", "2", RedisManager.NO_EXPIRY);
        assertThat(redis.getSync("a")).contains("1");
        assertThat(SyncCore.of(redis).getAllBytes(List.of("a", "b"))).hasSize(2);
        redis.syncTestConnection();
        assertThat(redis.deleteSync("a")).isEqualTo(1);
        assertThat(redis.deletePatternSync(KeyPattern.of("{}*", "b"))).isEqualTo(1);
    }

    private static void useCache(RedisManager redis) {
        Cache<String> cache = Cache.builder(redis, "names", String.class).build();

        assertThat(cache.get("1", id -> Optional.of("Ada"))).contains("Ada");
        assertThat(cache.get("2", id -> Optional.empty())).isEmpty();
        assertThat(cache.getAll(List.of("1", "3"), missing -> Map.of("3", "Bob")))
                .hasSize(2);
        cache.put("4", "Eve");
        cache.invalidate("1");
        cache.fence(List.of("1", "4")).rollBack();
        assertThat(cache.clear()).isPositive();
    }

    private static void useLimits(RedisManager redis) {
        for (Algorithm algorithm : Algorithm.values()) {
            List<Limit> limits = List.of(Limit.of(2, Duration.ofMinutes(1)), Limit.of(1000, Duration.ofHours(1)));
            RateLimiter limiter =
                    RateLimiter.of(redis, "api", algorithm, limits).withTimeout(Promises.PATIENCE);

            assertThat(limiter.tryAcquire("ada")).isInstanceOf(Decision.Allowed.class);
            assertThat(limiter.tryAcquire("ada")).isInstanceOf(Decision.Allowed.class);
            assertThat(limiter.tryAcquire("ada")).isInstanceOf(Decision.Denied.class);
            assertThat(limiter.peek("ada")).isInstanceOf(Decision.Denied.class);
            limiter.reset("ada");
        }
    }

    private static void useSessions(RedisManager redis) {
        SessionStore sessions = SessionStore.create(redis);
        Session session = sessions.create("ada", Map.of("device", "phone"));
        String id = session.id().value();

        assertThat(sessions.get(id)).isPresent();
        assertThat(sessions.merge(id, Map.of("theme", "dark"))).isPresent();
        assertThat(sessions.remove(id, List.of("theme"))).isPresent();
        assertThat(sessions.touch(id)).isTrue();
        assertThat(sessions.save(session)).isInstanceOf(SaveResult.Stale.class);
        Session rotated = sessions.rotate(id, "bob").orElseThrow();
        assertThat(sessions.delete(rotated.id().value())).isTrue();
        sessions.create("ada", Map.of());
        assertThat(sessions.sessionsOf("ada")).hasSize(1);
        assertThat(sessions.deleteAllOf("ada")).isEqualTo(1);
    }

    private void call(String... arguments) {
        RedisClient client = RedisClient.create(RedisURI.builder()
                .withHost("127.0.0.1")
                .withPort(server.port())
                .withAuthentication(ShippedAcl.USER, PASSWORD)
                .build());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            CommandArgs<String, String> args = new CommandArgs<>(StringCodec.UTF8);
            List.of(arguments).subList(1, arguments.length).forEach(args::add);
            connection.sync().dispatch(new Keyword(arguments[0]), new ArrayOutput<>(StringCodec.UTF8), args);
        } finally {
            client.shutdown(0, 2, TimeUnit.SECONDS);
        }
    }

    /** The name of a command. */
    private record Keyword(String text) implements ProtocolKeyword {
        @Override
        public byte[] getBytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
