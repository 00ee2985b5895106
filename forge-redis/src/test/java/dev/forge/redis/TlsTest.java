package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.tls.KeyMaterial;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificate;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {

    @TempDir
    static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeAuthority() {
        certificates = TestCertificates.in(folder);
    }

    @Test
    void connectsToATrustedServer() {
        try (EmbeddedRedis server = server(certificates.server());
                RedisManager redis = manager(server, new RedisTls(true, true, certificates.authority()))) {
            redis.setSync("a", "1");

            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
        }
    }

    @Test
    void refusesAnUntrustedServer() {
        try (EmbeddedRedis server = server(certificates.server());
                RedisManager redis = manager(server, RedisTls.VERIFIED)) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> redis.getSync("a"))
                    .withMessageContaining("cannot connect to Redis at localhost:" + server.port());
        }
    }

    /** As after the rotation of an authority that keeps its name. */
    @Test
    void namesAnAuthorityWithAnotherKey(@TempDir Path other) {
        assertRefused(
                TestCertificates.in(other).server(),
                "from an authority with the name of one that is trusted but with another key");
    }

    @Test
    void refusesAServerWithAnotherName() {
        assertRefused(certificates.wrongHost(), "TLS failed: No subject alternative DNS name matching localhost");
    }

    @Test
    void refusesAServerWhoseCertificateHasExpired() {
        assertRefused(certificates.expired(), "TLS failed: a certificate of the server has expired (NotAfter: ");
    }

    @Test
    void refusesASelfSignedServer() {
        assertRefused(
                certificates.selfSigned(),
                "TLS failed: the certificate of the server is from no authority that is trusted, see REDIS_TLS_CA_FILE (");
    }

    @Test
    void trustsAnyServerOnlyIfConfigured() {
        try (EmbeddedRedis server = server(certificates.wrongHost());
                RedisManager redis = manager(server, new RedisTls(true, false, null))) {
            redis.syncTestConnection();
        }
    }

    @Test
    void refusesAServerWithoutTls() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = manager(server, RedisTls.VERIFIED, Duration.ofSeconds(1))) {
            assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> redis.getSync("a"));
        }
    }

    @Test
    void keepsTheConnectionOfACallerWhoAsksNowAndThen() {
        try (EmbeddedRedis server = server(certificates.server());
                RedisManager redis = manager(server, new RedisTls(true, true, certificates.authority()))) {
            Promises.warmUp(redis);
            await().atMost(Promises.PATIENCE)
                    .until(() -> redis.connectionStats().connections() == 2);
            long before = connectionsTo(server);

            for (int i = 0; i < 5; i++) {
                // A connection that was idle for a tenth of a second is checked before it is used.
                Promises.pause(Duration.ofMillis(120));
                redis.getSync("a");
            }

            // Each look is a connection of its own.
            assertThat(connectionsTo(server) - before).isEqualTo(1);
        }
    }

    private static long connectionsTo(EmbeddedRedis server) {
        return server.command("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_connections_received:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCallEndsByItsDeadlineWhileTheDiskOfTheAuthorityHangs() throws Exception {
        try (EmbeddedRedis server = server(certificates.server());
                HungDisk disk = new HungDisk(folder);
                RedisManager redis = manager(server, new RedisTls(true, true, disk.file()), Duration.ofMillis(500))) {
            // The first call starts to connect; those after it meet what that left behind on the clock.
            for (int i = 0; i < 3; i++) {
                assertThat(inAnotherThread(() -> redis.getSync("a"))).isInstanceOf(RedisFailure.class);
            }
            assertThat(inAnotherThread(redis::getSyncClient))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("the content of the TLS files was not supplied within 500 ms");
        }
    }

    /** Runs {@code call}, which may never return, and returns its failure. */
    private static @Nullable Throwable inAnotherThread(ThrowingCallable call) throws Exception {
        CompletableFuture<@Nullable Throwable> failure = new CompletableFuture<>();
        Thread caller = new Thread(() -> failure.complete(catchThrowable(call)));
        caller.setDaemon(true);
        caller.start();
        return failure.get(Promises.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static void assertRefused(TestCertificate certificate, String reason) {
        try (EmbeddedRedis server = server(certificate);
                RedisManager redis = manager(server, new RedisTls(true, true, certificates.authority()))) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> redis.getSync("a"))
                    .withMessageContaining(reason);
        }
    }

    private static EmbeddedRedis server(TestCertificate certificate) {
        return EmbeddedRedis.builder().tls(certificate).start();
    }

    /** Waits long, because the first TLS connection of a JVM takes seconds on a busy machine. */
    private static RedisManager manager(EmbeddedRedis server, RedisTls tls) {
        return manager(server, tls, Duration.ofSeconds(20));
    }

    private static RedisManager manager(EmbeddedRedis server, RedisTls tls, Duration limit) {
        return RedisManager.create(RedisSettings.builder("rediss://localhost:" + server.port())
                .tls(tls)
                .socketTimeout(limit)
                .build());
    }

    @ParameterizedTest
    @CsvSource({"localhost, localhost", "127.0.0.1, ''"})
    void sendsTheNameOfTheServer(String host, String named) throws Exception {
        TestCertificate certificate = certificates.server();
        KeyMaterial material = KeyMaterial.read(
                certificate.certificate(),
                Files.readAllBytes(certificate.certificate()),
                certificate.key(),
                Files.readAllBytes(certificate.key()),
                null);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", material.key(), new char[0], material.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(identity.getKeyManagers(), null, null);
        CompletableFuture<String> heard = new CompletableFuture<>();

        try (ServerSocket server =
                        context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RedisManager redis =
                        RedisManager.create(RedisSettings.builder("rediss://" + host + ":" + server.getLocalPort())
                                .tls(new RedisTls(true, true, certificates.authority()))
                                .socketTimeout(Duration.ofSeconds(20))
                                .build())) {
            CompletableFuture.runAsync(() -> heard.complete(nameHeardBy(server)));
            redis.initializeAsync();

            assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo(named);
        }
    }

    private static String nameHeardBy(ServerSocket server) {
        try (SSLSocket client = (SSLSocket) server.accept()) {
            client.startHandshake();
            return ((ExtendedSSLSession) client.getSession())
                    .getRequestedServerNames().stream()
                            .map(name -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
                            .collect(Collectors.joining());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
