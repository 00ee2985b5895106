package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class ServerStateTest {
    /** The replies to PING (6.2 and 7 differ in one), to a read and to a write. */
    private record Answers(List<String> ping, String read, String write) {
        static Answers of(ServerState state) {
            String error = "-" + state;
            return switch (state) {
                case LOADING, BUSY, NOAUTH -> new Answers(List.of(error), error, error);
                case MISCONF -> new Answers(List.of(error), "value", error);
                case OOM, READONLY, NOREPLICAS -> new Answers(List.of("+PONG"), "value", error);
                case MASTERDOWN -> new Answers(List.of("+PONG", error), error, "-READONLY");
                case CLUSTERDOWN -> new Answers(List.of("+PONG"), error, error);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerStartsInTheStateAndRecovers(ServerState state) throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(state)) {
            assertThat(Client.call(redis, "SET", "key", "value"))
                    .startsWith(Answers.of(state).write());

            redis.recover();

            assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
            assertThat(redis.command("DBSIZE")).isEqualTo("1");
            try (var files = Files.list(redis.directory())) {
                assertThat(files.map(Path::getFileName).map(Path::toString))
                        .isSubsetOf("redis.conf", "log", "nodes.conf");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunningServerEntersAndLeavesTheState(ServerState state) throws IOException {
        Answers answers = Answers.of(state);
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().options(StateRecipes.needs(state)).start()) {
            if (state != ServerState.CLUSTERDOWN) {
                redis.command("SET", "key", "value");
            }
            for (int round = 0; round < 2; round++) {
                redis.enter(state);
                redis.enter(state);
                try (RedisConnection client = RedisConnection.open(redis.port(), Duration.ofSeconds(5))) {
                    assertThat(client.call("PING"))
                            .matches(ping -> answers.ping().stream().anyMatch(ping::startsWith));
                    assertThat(client.call("GET", "key")).startsWith(answers.read());
                    assertThat(client.call("SET", "key", "other")).startsWith(answers.write());
                }

                redis.recover();
                redis.recover();
                if (state != ServerState.CLUSTERDOWN) {
                    assertThat(Client.call(redis, "GET", "key")).isEqualTo("value");
                }
                assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void restartingEndsTheState(ServerState state) throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(state)) {
            redis.restart();

            assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
            assertThat(redis.command("DBSIZE")).isEqualTo("1");
        }
    }

    @Test
    void aServerCanBeInSeveralStates() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .option("maxmemory", "100mb")
                .state(ServerState.OOM)
                .state(ServerState.MISCONF)
                .start()) {
            assertThat(Client.call(redis, "PING")).startsWith("-MISCONF");
            assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n1");

            redis.recover();

            assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
            assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n104857600");
        }
    }

    @Test
    void endsFirstTheStateThatKeepsTheOthersFromEnding() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(ServerState.OOM)) {
            redis.enter(ServerState.BUSY);

            redis.recover();

            assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
        }
    }

    @Test
    void aResetServerIsInNoState() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(ServerState.READONLY)) {
            redis.reset(true);

            assertThat(Client.call(redis, "SET", "key", "value")).isEqualTo("+OK");
        }
    }

    @Test
    void aStateThatNeedsARestartKeepsTheConfigurationThatTheServerWrote() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            redis.command("CONFIG", "SET", "maxmemory", "12mb");
            redis.command("CONFIG", "REWRITE");

            redis.enter(ServerState.LOADING);
            assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n12582912");

            redis.restart();
            assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n12582912");
            assertThat(redis.command("CONFIG", "GET", "appendonly")).isEqualTo("appendonly\nno");
        }
    }

    @Test
    void losesItsConnectionsWhenThePasswordIsUnknown() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start();
                RedisConnection client = RedisConnection.open(redis.port(), Duration.ofSeconds(5))) {
            client.call("PING");

            redis.enter(ServerState.NOAUTH);

            assertThatThrownBy(() -> client.call("PING")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void keepsTheConnectionsThatWereMadeWhileItLoaded() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start(ServerState.LOADING);
                RedisConnection client = RedisConnection.open(redis.port(), Duration.ofSeconds(5))) {
            assertThat(client.call("GET", "key")).startsWith("-LOADING");

            redis.recover();

            assertThat(client.call("GET", "key")).isEqualTo("$-1");
        }
    }

    @Test
    void reportsThatAServerIsNotACluster() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> redis.enter(ServerState.CLUSTERDOWN))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not in cluster mode");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerInTheStateIsClosed(ServerState state) {
        EmbeddedRedis redis = EmbeddedRedis.start(state);
        long pid = redis.pid();

        redis.close();

        assertThat(ProcessHandle.of(pid)).isEmpty();
        assertThat(redis.directory()).doesNotExist();
    }
}
