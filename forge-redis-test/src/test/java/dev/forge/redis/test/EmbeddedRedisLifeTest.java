package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Freezes, kills, restarts and closes servers. */
class EmbeddedRedisLifeTest {
    @Test
    void aFrozenServerIsUnresponsiveUntilItThaws() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            redis.freeze();
            redis.freeze();
            assertThatThrownBy(() -> Client.callWithin(Duration.ofMillis(200), redis, "PING"))
                    .isInstanceOf(IOException.class);
            assertThat(redis.isRunning()).isTrue();

            redis.thaw();
            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void aKilledServerRefusesConnectionsUntilItIsRestartedOnItsPort() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            int port = redis.port();

            redis.kill();
            redis.kill();
            assertThat(redis.isRunning()).isFalse();
            assertThatThrownBy(() -> Client.call(redis, "PING")).isInstanceOf(ConnectException.class);
            assertThatThrownBy(redis::freeze)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("restart()");

            redis.restart();
            assertThat(redis.isRunning()).isTrue();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void noOtherServerTakesThePortsOfOneThatIsDead() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .option("cluster-enabled", "yes")
                .state(ServerState.CLUSTERDOWN)
                .start()) {
            // The dead server still has a connection to end on its port.
            try (RedisConnection connection = redis.connect(Duration.ofSeconds(5))) {
                redis.kill();
                assertThatThrownBy(() -> connection.call("PING")).isInstanceOf(IOException.class);
            }

            for (int port : List.of(redis.port(), redis.port() + 10_000)) {
                assertThatThrownBy(EmbeddedRedis.builder().port(port)::start)
                        .isInstanceOf(EmbeddedRedisException.class)
                        .hasMessageContaining("choose another port");
            }
            assertThatThrownBy(() -> Client.call(redis, "PING")).isInstanceOf(ConnectException.class);

            redis.restart();
            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void aClosedServerLeavesItsPortToOthers() throws IOException {
        EmbeddedRedis dead = EmbeddedRedis.start();
        dead.kill();

        dead.close();

        try (EmbeddedRedis next = EmbeddedRedis.builder().port(dead.port()).start()) {
            assertThat(Client.call(next, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void aFrozenServerCanBeRestarted() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            redis.freeze();

            redis.restart();

            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void persistentDataSurviveARestart() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .option("appendonly", "yes")
                .option("appendfsync", "always")
                .start()) {
            Client.call(redis, "SET", "key", "value");

            redis.restart();

            assertThat(Client.call(redis, "GET", "key")).isEqualTo("value");
        }
    }

    @Test
    void aConfigurationThatTheServerRewroteSurvivesARestart() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            Client.call(redis, "CONFIG", "SET", "maxmemory", "11mb");
            redis.restart();
            assertThat(Client.call(redis, "INFO", "memory")).contains("maxmemory:0\r\n");

            Client.call(redis, "CONFIG", "SET", "maxmemory", "12mb");
            Client.call(redis, "CONFIG", "REWRITE");
            redis.restart();
            assertThat(Client.call(redis, "INFO", "memory")).contains("maxmemory:12582912\r\n");
        }
    }

    @Test
    void restartsEvenIfItsConfigurationFileWasRemoved() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            Files.delete(redis.directory().resolve("redis.conf"));

            redis.restart();

            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
        }
    }

    @Test
    void noticesThatTheServerEndedByItself() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThatThrownBy(() -> Client.call(redis, "SHUTDOWN", "NOSAVE")).isInstanceOf(IOException.class);

            await().until(() -> !redis.isRunning());
        }
    }

    @Test
    void aFrozenServerIsClosedInABoundedTime() {
        EmbeddedRedis redis = EmbeddedRedis.start();
        long pid = redis.pid();
        redis.freeze();

        long start = System.nanoTime();
        redis.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void closingEndsABackgroundSave() throws IOException {
        EmbeddedRedis redis =
                EmbeddedRedis.builder().option("rdb-key-save-delay", "60000000").start();
        Client.call(redis, "DEBUG", "POPULATE", "100");
        Client.call(redis, "BGSAVE");
        List<ProcessHandle> forks =
                ProcessHandle.of(redis.pid()).orElseThrow().descendants().toList();
        assertThat(forks).isNotEmpty();

        redis.close();

        await().until(() -> forks.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(redis.directory()).doesNotExist();
    }

    @Test
    void refusesCallsAfterClose() {
        EmbeddedRedis redis = EmbeddedRedis.start();
        redis.close();
        redis.close();

        assertThat(redis.isRunning()).isFalse();
        assertThatThrownBy(redis::restart).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(redis::thaw).isInstanceOf(IllegalStateException.class);
    }
}
