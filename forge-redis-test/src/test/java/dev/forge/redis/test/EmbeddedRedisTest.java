package dev.forge.redis.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.PortChoice;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisTest {
    @Test
    void answersAsSoonAsItHasStarted() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
            assertThat(redis.isRunning()).isTrue();
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + redis.port());
            assertThat(Client.call(redis, "INFO", "server")).contains("_version:" + redis.version());
        }
    }

    @Test
    void startsInWellUnderASecond() {
        EmbeddedRedis.start().close();

        long fastest = IntStream.range(0, 5)
                .mapToLong(attempt -> {
                    long start = System.nanoTime();
                    try (EmbeddedRedis redis = EmbeddedRedis.start()) {
                        return System.nanoTime() - start;
                    }
                })
                .min()
                .orElseThrow();

        assertThat(Duration.ofNanos(fastest)).isLessThan(Duration.ofMillis(500));
    }

    @Test
    void listensOnTheLoopbackAddressOnly() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
        assumeThat(others).isNotEmpty();
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            for (InetAddress other : others) {
                assertThatThrownBy(() -> connect(other, redis.port())).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void choosesAPortThatNoOutgoingConnectionGets() {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThat(redis.port()).isBetween(10_000, 21_999);
        }
    }

    @Test
    void keepsNothingOnDiskByDefault() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            Client.call(redis, "SET", "key", "value");
            redis.restart();

            assertThat(Client.call(redis, "GET", "key")).isEqualTo("$-1");
            assertThat(Client.call(redis, "CONFIG", "GET", "appendonly")).isEqualTo("*2");
            try (var files = Files.list(redis.directory())) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("redis.conf", "log");
            }
        }
    }

    @Test
    void itsDirectoryIsPrivateAndRemovedWithIt() throws IOException {
        EmbeddedRedis redis = EmbeddedRedis.start();
        Path directory = redis.directory();
        assertThat(Files.getPosixFilePermissions(directory))
                .hasSize(3)
                .allMatch(permission -> permission.name().startsWith("OWNER_"));

        redis.close();

        assertThat(directory).doesNotExist();
    }

    @Test
    void usesAnotherPortIfTheFirstIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedRedis free = EmbeddedRedis.start();
                EmbeddedRedis other = EmbeddedRedis.start()) {
            int freePort = free.port();
            free.close();
            Iterator<Integer> ports =
                    List.of(taken.getLocalPort(), other.port(), freePort).iterator();

            try (EmbeddedRedis redis = EmbeddedRedis.builder()
                    .ports(new PortChoice(ports::next, 3))
                    .start()) {
                assertThat(redis.port()).isEqualTo(freePort);
                assertThat(Client.call(redis, "PING")).isEqualTo("+PONG");
            }
        }
    }

    @Test
    void reportsThatTheChosenPortIsTaken() {
        try (EmbeddedRedis first = EmbeddedRedis.start()) {
            EmbeddedRedis.Builder second = EmbeddedRedis.builder().port(first.port());

            assertThatThrownBy(second::start)
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("port " + first.port())
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void neverTakesAServerThatRequiresALoginForItsOwn() {
        try (EmbeddedRedis first = EmbeddedRedis.builder().password("secret").start()) {
            // It answers until the second one has found that it cannot listen.
            for (int attempt = 0; attempt < 20; attempt++) {
                EmbeddedRedis.Builder second = EmbeddedRedis.builder().port(first.port());

                assertThatThrownBy(second::start).hasMessageContaining("choose another port");
            }
        }
    }

    @Test
    void passesOptionsOnUnchanged() throws IOException {
        String awkward = "a \"quoted\" \\ 'value' # é";
        try (EmbeddedRedis redis = EmbeddedRedis.builder()
                .option("maxmemory", "10mb")
                .option("client-output-buffer-limit", "normal", "1mb", "0", "0")
                .option("user", "ada", "on", ">" + "pass#word", "~*", "+@all")
                .option("requirepass", awkward)
                .start()) {
            try (RedisConnection connection = RedisConnection.open(redis.port(), Duration.ofSeconds(5))) {
                assertThat(connection.call("PING")).startsWith("-NOAUTH");
                assertThat(connection.call("AUTH", awkward)).isEqualTo("+OK");
                assertThat(connection.call("INFO", "memory")).contains("maxmemory:10485760");
                assertThat(connection.call("AUTH", "ada", "pass#word")).isEqualTo("+OK");
            }
        }
    }

    @Test
    void isReadyEvenIfItRefusesEveryUser() throws IOException {
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().option("user", "default", "off").start()) {
            assertThat(Client.call(redis, "PING")).startsWith("-NOAUTH");
        }
    }

    @Test
    void refusesOptionsThatWouldBreakItsPromises() {
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder();

        for (String name : List.of("bind", "PORT", "daemonize", "logfile")) {
            assertThatThrownBy(() -> builder.option(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> builder.port(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 1 to 65535, but was 0");
    }

    @Test
    void anIncludedFileCannotBreakItsPromises(@TempDir Path directory) throws IOException {
        Path included = Files.writeString(directory.resolve("included.conf"), "port 1\nbind 0.0.0.0\nmaxclients 77\n");
        try (EmbeddedRedis redis =
                EmbeddedRedis.builder().option("include", included.toString()).start()) {
            assertThat(Client.call(redis, "INFO", "clients")).contains("maxclients:77");
            assertThat(Client.call(redis, "INFO", "server")).contains("tcp_port:" + redis.port());
        }
    }

    @Test
    void showsTheEndOfTheLogWhenTheServerDoesNotStart() {
        EmbeddedRedis.Builder builder = EmbeddedRedis.builder().option("maxmemory", "a lot");

        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("ended with exit code 1")
                .hasMessageContaining("Correct the option named below")
                .hasMessageContaining("maxmemory \"a lot\"");
    }

    @Test
    void listensOnAUnixSocketThatIsRemovedWithIt(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("redis.sock");

        try (EmbeddedRedis redis = EmbeddedRedis.builder().unixSocket(path).start();
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(7);
            int read;
            do {
                read = channel.read(answer);
            } while (read >= 0 && answer.hasRemaining());

            assertThat(new String(answer.array(), StandardCharsets.UTF_8)).isEqualTo("+PONG\r\n");
        }

        assertThat(path).doesNotExist();
    }

    @Test
    void refusesASocketPathThatTheKernelWouldTruncate(@TempDir Path directory) {
        assertThatThrownBy(() -> EmbeddedRedis.builder().unixSocket(directory.resolve("x".repeat(104))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 103 bytes");
    }

    @Test
    void allowsDebugCommands() throws IOException {
        try (EmbeddedRedis redis = EmbeddedRedis.start()) {
            assertThat(Client.call(redis, "DEBUG", "SLEEP", "0")).isEqualTo("+OK");
        }
    }

    private static void connect(InetAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
        }
    }
}
