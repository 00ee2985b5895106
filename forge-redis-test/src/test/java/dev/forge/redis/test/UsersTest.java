package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
    @Test
    void aUserMayDoWhatTheRulesSay() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                        .user("ada", "pass word#1", "~app:*", "+get", "+set")
                        .user("bob", "secret")
                        .start();
                RedisConnection connection = connect(redis)) {
            assertThat(connection.call("AUTH", "ada", "wrong")).startsWith("-WRONGPASS");
            assertThat(connection.call("AUTH", "ada", "pass word#1")).isEqualTo("+OK");
            assertThat(connection.call("SET", "app:1", "x")).isEqualTo("+OK");
            assertThat(connection.call("SET", "other", "x")).startsWith("-NOPERM");
            assertThat(connection.call("DEL", "app:1")).startsWith("-NOPERM");

            assertThat(connection.call("AUTH", "bob", "secret")).isEqualTo("+OK");
            assertThat(connection.call("PING")).startsWith("-NOPERM");
        }
    }

    @Test
    void theDefaultUserNeedsThePassword() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.builder().password("secret").start();
                RedisConnection connection = connect(redis)) {
            assertThat(connection.call("PING")).startsWith("-NOAUTH");
            assertThat(connection.call("AUTH", "secret")).isEqualTo("+OK");
            assertThat(connection.call("PING")).isEqualTo("+PONG");

            assertThat(redis.command("PING")).isEqualTo("PONG");
        }
    }

    @Test
    void theDefaultUserCannotBeAddedByName() {
        assertThatThrownBy(() -> EmbeddedRedis.builder().user("default", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name must not be default: use password(…)");
    }

    @Test
    void canBeControlledEvenIfItRefusesEveryUser() {
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().option("user", "default", "off").start()) {
            redis.command("SET", "key", "value");
            assertThat(redis.command("PUBLISH", "channel", "message")).isEqualTo("0");
            redis.restart();
            redis.command("SET", "key", "value");

            redis.reset(true);

            assertThat(redis.command("EXISTS", "key")).isEqualTo("0");
        }
    }

    @Test
    void changesUsersOfARunningServer() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                RedisConnection connection = connect(redis)) {
            redis.command("ACL", "SETUSER", "ada", "on", ">first", "+ping");
            assertThat(connection.call("AUTH", "ada", "first")).isEqualTo("+OK");

            redis.command("ACL", "DELUSER", "ada");

            assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAclFileIsRespected(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("users.acl"), "user ada on >secret ~* +@all\n");
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                        .option("aclfile", file.toString())
                        .start();
                RedisConnection connection = connect(redis)) {
            assertThat(connection.call("AUTH", "ada", "secret")).isEqualTo("+OK");
            assertThat(redis.command("ACL", "WHOAMI")).isEqualTo("default");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"notice", "warning"})
    void startsWithAnAclFileThatRefusesEveryCallerWithoutALogin(String logLevel, @TempDir Path directory)
            throws IOException {
        Path file =
                Files.writeString(directory.resolve("users.acl"), "user default off\nuser ada on >secret ~* +@all\n");
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                        .option("aclfile", file.toString())
                        .option("loglevel", logLevel)
                        .start();
                RedisConnection connection = connect(redis)) {
            assertThat(connection.call("AUTH", "ada", "secret")).isEqualTo("+OK");
        }
    }

    @Test
    void returnsTheReplyOfACommandAsText() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThat(redis.command("SET", "key", "a value")).isEqualTo("OK");
            assertThat(redis.command("GET", "key")).isEqualTo("a value");
            assertThat(redis.command("GET", "absent")).isEmpty();
            assertThat(redis.command("INCR", "counter")).isEqualTo("1");
            assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n0");
            assertThat(redis.command("EVAL", "return {1, {'a', 'b'}, 'c'}", "0"))
                    .isEqualTo("1\na\nb\nc");
        }
    }

    @Test
    void aRefusedCommandFails() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> redis.command("CONFIG", "SET", "maxmemory", "secret"))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageStartingWith("CONFIG on " + redis.url() + " failed: ERR ");

            redis.kill();
            assertThatThrownBy(() -> redis.command("PING"))
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageStartingWith("PING on " + redis.url() + " failed: ");
        }
    }

    private static RedisConnection connect(EmbeddedRedis redis) throws IOException {
        return RedisConnection.open(redis.port(), Duration.ofSeconds(5));
    }
}
