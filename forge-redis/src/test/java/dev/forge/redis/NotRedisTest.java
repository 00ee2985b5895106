package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.health.Health;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** If the address does not belong to a usable Redis server, the failure says what is there. */
class NotRedisTest {

    private static final Duration LIMIT = Duration.ofSeconds(4);

    @TempDir
    static Path folder;

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(
                        "HTTP",
                        ascii("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
                        "this is not a Redis server: it answered \"HTTP/1.1 400 Bad Request\""),
                Arguments.of(
                        "SSH",
                        ascii("SSH-2.0-OpenSSH_9.2\r\n"),
                        "this is not a Redis server: it answered \"SSH-2.0-OpenSSH_9.2\""),
                Arguments.of(
                        "MySQL",
                        new byte[] {0x4a, 0, 0, 0, 0x0a, '8', '.', '0'},
                        "this is not a Redis server: it answered \"J\\x00\\x00\\x00\\x0a8.0\""),
                Arguments.of("POP3", ascii("+OK ready\r\n"), "this is not a Redis server: it answered \"+OK ready\""),
                Arguments.of(
                        "a long line",
                        ascii("x".repeat(5_000)),
                        "this is not a Redis server: it answered \"" + "x".repeat(64) + "…\""),
                Arguments.of(
                        "TLS alert",
                        new byte[] {0x15, 3, 3, 0, 2, 2, 40},
                        "the server speaks TLS; use rediss:// instead of redis://"),
                Arguments.of("nothing", null, "the server closed the connection without an answer"),
                Arguments.of(
                        "a server before version 6",
                        ascii("-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"),
                        "ERR unknown command `HELLO`; Forge needs Redis 6.2 or later, and a proxy on the way has to pass on"
                                + " HELLO 3 (RESP3)"),
                Arguments.of(
                        "an old proxy",
                        ascii("-ERR unsupported command 'HELLO'\r\n"),
                        "ERR unsupported command 'HELLO'; Forge needs Redis 6.2 or later"),
                Arguments.of(
                        "HELLO denied",
                        ascii("-NOPERM this user has no permissions to run the 'hello' command or its subcommand\r\n"),
                        "permissions to run the 'hello' command or its subcommand; allow HELLO to the user default, which every"
                                + " connection is until it has logged in, and to the user that logs in"),
                Arguments.of(
                        "an error with control characters",
                        ascii("-ERR go\n2026 WARN away \u001b[2J\r\n"),
                        "refused the connection: ERR go\\u000a2026 WARN away \\u001b[2J"),
                Arguments.of(
                        "no RESP3",
                        ascii("-NOPROTO unsupported protocol version\r\n"),
                        "NOPROTO unsupported protocol version; Forge needs Redis 6.2 or later"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void namesTheProtocolThatAnswers(String name, byte @Nullable [] answer, String message) throws IOException {
        try (Impostor impostor = new Impostor(answer);
                RedisManager redis = manager("redis://127.0.0.1:" + impostor.port())) {
            long start = System.nanoTime();

            Throwable failure = catchThrowable(() -> redis.getSync("k"));

            assertThat(failure).isInstanceOf(RedisFailure.class).hasMessageContaining(message);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            assertThat(catchThrowable(redis::initializeSync)).hasMessageContaining(message);
            assertThat(redis.healthSync())
                    .isInstanceOfSatisfying(
                            Health.Down.class,
                            down -> assertThat(down.message()).contains(message));
        }
    }

    @Test
    void reportsThatTheCommandWasNeverSent() throws IOException {
        try (Impostor impostor = new Impostor(ascii("HTTP/1.1 400 Bad Request\r\n"));
                RedisManager redis = manager("redis://127.0.0.1:" + impostor.port())) {
            assertThat(catchThrowable(() -> redis.getSync("k"))).isInstanceOf(RedisUnavailableException.class);
        }
    }

    @Test
    void reportsAServerThatSpeaksTls() {
        TestCertificates certificates = TestCertificates.in(folder);
        try (EmbeddedRedis server =
                        EmbeddedRedis.builder().tls(certificates.server()).start();
                RedisManager redis = manager("redis://127.0.0.1:" + server.port())) {
            assertThat(catchThrowable(() -> redis.getSync("k")))
                    .hasMessageContaining("the server speaks TLS; use rediss:// instead of redis://");
        }
    }

    @Test
    void reportsAServerThatDoesNotSpeakTls() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = manager("rediss://127.0.0.1:" + server.port())) {
            // After the connect timeout the reason would be different.
            assertThat(catchThrowable(redis::initializeSync))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("the server does not speak TLS; use redis:// instead of rediss://");
        }
    }

    @Test
    void namesTheProtocolThatAnswersToTls() throws IOException {
        try (Impostor impostor = new Impostor(ascii("HTTP/1.1 400 Bad Request\r\n"));
                RedisManager redis = manager("rediss://127.0.0.1:" + impostor.port())) {
            assertThat(catchThrowable(() -> redis.getSync("k")))
                    .hasMessageContaining("the server does not speak TLS: it answered \"HTTP/1.1 400 Bad Request\"");
        }
    }

    @Test
    void namesTheProtocolThatAnswersInAClusterAndAtASentinel() throws IOException {
        try (Impostor impostor = new Impostor(ascii("HTTP/1.1 400 Bad Request\r\n"))) {
            for (String url : List.of(
                    "redis-cluster://127.0.0.1:" + impostor.port(),
                    "redis-sentinel://127.0.0.1:" + impostor.port() + "#primary")) {
                try (RedisManager redis = manager(url)) {
                    assertThat(catchThrowable(redis::initializeSync))
                            .hasMessageContaining(
                                    "this is not a Redis server: it answered \"HTTP/1.1 400 Bad Request\"");
                }
            }
        }
    }

    private static RedisManager manager(String url) {
        return RedisManager.create(RedisSettings.fromEnvironment(
                Map.of("REDIS_CONNECTION_URL", url, "REDIS_SOCKET_TIMEOUT", LIMIT.toMillis() + "ms")));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A server of another protocol: it gives the same answer to every request, and closes the connection. */
    private static final class Impostor implements AutoCloseable {
        private final ServerSocket server;
        private final byte @Nullable [] answer;

        Impostor(byte @Nullable [] answer) throws IOException {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            this.answer = answer;
            Thread thread = new Thread(this::serve, "impostor");
            thread.setDaemon(true);
            thread.start();
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            while (!server.isClosed()) {
                try (Socket client = server.accept()) {
                    if (answer != null) {
                        int ignored = client.getInputStream().read(new byte[512]);
                        client.getOutputStream().write(answer);
                        client.shutdownOutput();
                        client.setSoTimeout(1_000);
                        // Unread input would make TCP discard the answer.
                        client.getInputStream().readAllBytes();
                    }
                } catch (IOException e) {
                    // The client has disconnected.
                }
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
