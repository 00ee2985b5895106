package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificates;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that resolve to several addresses. */
class HostAddressesTest {

    private static final String NAME = "redis.example";
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @TempDir
    static Path folder;

    private final List<Runnable> closing = new ArrayList<>();

    @AfterEach
    void close() {
        closing.forEach(Runnable::run);
    }

    @Test
    void triesTheNextAddressWhenTheFirstRefuses() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            PipelinedConnection pipeline = connect("redis://" + NAME + ":" + server.port(), "127.0.0.2", "127.0.0.1");

            assertThat(pipeline.isOpen()).isTrue();
        }
    }

    @Test
    void triesTheNextAddressWithinTheConnectTimeoutWhenTheFirstIsUnresponsive() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                // The system accepts connections to it, but nothing replies.
                ServerSocket unresponsive = new ServerSocket(server.port(), 50, InetAddress.getByName("127.0.0.2"))) {
            assertThat(unresponsive.isBound()).isTrue();

            PipelinedConnection pipeline = connect("redis://" + NAME + ":" + server.port(), "127.0.0.2", "127.0.0.1");

            assertThat(pipeline.isOpen()).isTrue();
        }
    }

    @Test
    void verifiesTheHostNameForEveryAddress() {
        TestCertificates certificates = TestCertificates.in(folder);
        RedisTls tls = new RedisTls(true, true, certificates.authority());
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            PipelinedConnection pipeline = connect(
                    RedisSettings.builder("rediss://localhost:" + server.port())
                            .tls(tls)
                            .build(),
                    "127.0.0.2",
                    "127.0.0.1");
            assertThat(pipeline.isOpen()).isTrue();

            assertThat(catchThrowable(() -> connect(
                            RedisSettings.builder("rediss://" + NAME + ":" + server.port())
                                    .tls(tls)
                                    .build(),
                            "127.0.0.1")))
                    .hasStackTraceContaining("TLS failed: No subject alternative DNS name matching " + NAME);
        }
    }

    @Test
    void reportsWhyEachAddressFailed() {
        int port;
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            port = server.port();
        }

        assertThat(catchThrowable(() -> connect("redis://" + NAME + ":" + port, "127.0.0.2", "127.0.0.1")))
                .hasMessageContaining("127.0.0.2: connection refused; 127.0.0.1: connection refused");
        assertThat(catchThrowable(() -> connect("redis://" + NAME + ":" + port)))
                .hasMessageContaining("unknown host");
    }

    @Test
    void triesNoOtherAddressAfterARefusedLogin() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder().password("right").start();
                ServerSocket other = new ServerSocket(server.port(), 50, InetAddress.getByName("127.0.0.2"))) {
            assertThat(other.isBound()).isTrue();

            assertThat(catchThrowable(
                            () -> connect("redis://:wrong@" + NAME + ":" + server.port(), "127.0.0.1", "127.0.0.2")))
                    .isInstanceOfSatisfying(
                            RedisRefusedException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.WRONGPASS));
        }
    }

    private PipelinedConnection connect(String url, String... addresses) {
        return connect(RedisSettings.of(url), addresses);
    }

    /** Connects as a manager does, with every name resolving to {@code addresses}. */
    private PipelinedConnection connect(RedisSettings settings, String... addresses) {
        Scheduler scheduler = new Scheduler();
        ConnectionFactory connectionFactory = new ConnectionFactory(settings, scheduler, new Names(addresses));
        closing.add(() -> {
            scheduler.close();
        });
        HostAndPort address = ((RedisEndpoint.Node) settings.endpoint()).address();
        try {
            return connectionFactory
                    .to(address, address.toString())
                    .connect(PATIENCE)
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds() + 5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw Failures.connecting(address.toString(), Futures.unwrapped(e));
        }
    }

    /** Look-ups that return fixed addresses for every name. */
    private static final class Names extends HostNames {
        private final List<String> addresses;

        Names(String... addresses) {
            this.addresses = List.of(addresses);
        }

        @Override
        List<InetAddress> lookUp(String host) throws UnknownHostException {
            List<InetAddress> all = new ArrayList<>();
            for (String address : addresses) {
                all.add(InetAddress.getByName(address));
            }
            return all;
        }
    }
}
