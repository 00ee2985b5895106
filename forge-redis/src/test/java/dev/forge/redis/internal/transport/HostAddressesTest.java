package dev.forge.redis.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Failures;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that resolve to several addresses. */
class HostAddressesTest {

    private static final String NAME = "redis.example";
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    @TempDir
    static Path folder;

    private final Scheduler scheduler = new Scheduler();
    private final List<Runnable> closing = new ArrayList<>();

    @AfterEach
    void close() {
        closing.forEach(Runnable::run);
        scheduler.close();
    }

    @Test
    void triesTheNextAddressWhenTheFirstRefuses() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            Wire wire = connect("redis://" + NAME + ":" + server.port(), "127.0.0.2", "127.0.0.1");

            assertThat(wire.isQuiet()).isTrue();
        }
    }

    @Test
    void triesTheNextAddressWithinTheConnectTimeoutWhenTheFirstIsUnresponsive() throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                // The system accepts connections to it, but nothing replies.
                ServerSocket unresponsive = new ServerSocket(server.port(), 50, InetAddress.getByName("127.0.0.2"))) {
            assertThat(unresponsive.isBound()).isTrue();

            Wire wire = connect("redis://" + NAME + ":" + server.port(), "127.0.0.2", "127.0.0.1");

            assertThat(wire.isQuiet()).isTrue();
        }
    }

    @Test
    void verifiesTheHostNameForEveryAddress() {
        TestCertificates certificates = TestCertificates.in(folder);
        RedisTls tls = new RedisTls(true, true, certificates.authority());
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            Wire wire = connect(
                    RedisSettings.builder("rediss://localhost:" + server.port())
                            .tls(tls)
                            .build(),
                    "127.0.0.2",
                    "127.0.0.1");
            assertThat(wire.isQuiet()).isTrue();

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

    private Wire connect(String url, String... addresses) {
        return connect(RedisSettings.of(url), addresses);
    }

    /** Connects as a manager does, with every name resolving to {@code addresses}. */
    private Wire connect(RedisSettings settings, String... addresses) {
        Dialer dialer = new Dialer(
                settings.tls(), new TlsFiles(settings.tls(), PATIENCE, scheduler), new Names(addresses), scheduler);
        HostAndPort address = ((RedisEndpoint.Node) settings.endpoint()).address();
        Credentials login = settings.login().isNone() ? null : settings.login().use(Credentials::new);
        try {
            Wire wire = dialer.dial(
                            new Dialer.Target(new RedisEndpoint.Node(address), login, 0, false),
                            Patience.ofFirst(PATIENCE),
                            1024)
                    .wire();
            closing.add(wire::close);
            return wire;
        } catch (Exception e) {
            throw Failures.connecting(address.toString(), e);
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
