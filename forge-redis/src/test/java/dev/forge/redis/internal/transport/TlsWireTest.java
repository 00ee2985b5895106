package dev.forge.redis.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.Promises;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.ReplyReader;
import dev.forge.redis.internal.protocol.RespWriter;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificates;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsWireTest {

    @TempDir
    static Path folder;

    private final TestCertificates certificates = TestCertificates.in(folder);
    private final Scheduler scheduler = new Scheduler();

    @AfterEach
    void stop() {
        scheduler.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void isQuietBetweenTwoReplies(String version) throws Exception {
        try (EmbeddedRedis server = EmbeddedRedis.builder()
                .tls(certificates.server())
                .option("tls-protocols", version)
                .start()) {
            Wire wire = connect(server);

            // A server may send session tickets at any time after the handshake; Redis does before its first reply.
            assertThat(wire.isQuiet()).isTrue();
            for (int i = 0; i < 3; i++) {
                ask(wire);
                assertThat(wire.isQuiet()).isTrue();
            }
            wire.close();
        }
    }

    @Test
    void isNotQuietAfterAReplyThatNobodyHasRead() throws Exception {
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            Wire wire = connect(server);

            send(wire);

            await().atMost(Promises.PATIENCE).until(() -> !wire.isQuiet());
            wire.close();
        }
    }

    @Test
    void isNotQuietAfterTheServerHasClosedIt() throws Exception {
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            Wire wire = connect(server);

            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

            await().atMost(Promises.PATIENCE).until(() -> !wire.isQuiet());
            wire.close();
        }
    }

    @Test
    void isNotQuietOnceItIsClosed() throws Exception {
        try (EmbeddedRedis server =
                EmbeddedRedis.builder().tls(certificates.server()).start()) {
            Wire wire = connect(server);

            wire.close();

            assertThat(wire.isQuiet()).isFalse();
        }
    }

    private Wire connect(EmbeddedRedis server) throws Exception {
        RedisTls tls = new RedisTls(true, true, certificates.authority());
        Dialer dialer = new Dialer(tls, new TlsFiles(tls, Promises.PATIENCE, scheduler), new HostNames(), scheduler);
        HostAndPort address = new HostAndPort("localhost", server.port());
        return dialer.dial(
                        new Dialer.Target(new RedisEndpoint.Node(address), null, 0, false),
                        Patience.ofFirst(Promises.PATIENCE),
                        1024)
                .wire();
    }

    private static void ask(Wire wire) throws Exception {
        send(wire);
        assertThat(HandshakeCommands.error(new ReplyReader(wire, 1024))).isNull();
    }

    private static void send(Wire wire) throws Exception {
        RespWriter writer = new RespWriter(1024);
        writer.write(HandshakeCommands.hello3());
        wire.write(writer.bytes(), 0, writer.length());
    }
}
