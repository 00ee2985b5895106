package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.tls.Pem;
import dev.forge.redis.internal.tls.PrivateKeys;
import dev.forge.redis.settings.ClientCertificate;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.tls.TestCertificate;
import dev.forge.redis.test.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that demand a client certificate. */
class MutualTlsTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private TestCertificates certificates;
    private EmbeddedRedis server;

    @BeforeEach
    void start() {
        certificates = TestCertificates.in(folder);
        server = EmbeddedRedis.builder()
                .tls(certificates.server())
                .option("tls-auth-clients", "yes")
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void presentsItsCertificateOnEveryConnection() {
        try (RedisManager redis = manager(pem(certificates.client()))) {
            redis.setSync("a", "1");

            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
            await().atMost(LIMIT)
                    .until(() -> CoreAccess.coreOf(redis).tracking().epochOf("k") != null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa-pss", "rsa-pss-sha384"})
    void presentsACertificateForPssSignatures(String name) {
        Path keys = Path.of("src/test/resources/keys");
        Path certificate = keys.resolve(name + ".crt");
        try (EmbeddedRedis trusting = EmbeddedRedis.builder()
                        .tls(certificates.server())
                        .option("tls-ca-cert-file", certificate.toAbsolutePath().toString())
                        .option("tls-auth-clients", "yes")
                        .start();
                RedisManager redis =
                        manager(trusting.port(), ClientCertificate.ofPem(certificate, keys.resolve(name + ".pem")))) {
            redis.syncTestConnection();
        }
    }

    @Test
    void readsItFromTheEnvironment() throws Exception {
        TestCertificate client = certificates.client();
        for (Map<String, String> variables : List.of(
                Map.of(
                        "REDIS_TLS_CERT_FILE", client.certificate().toString(),
                        "REDIS_TLS_KEY_FILE", client.key().toString()),
                Map.of(
                        "REDIS_TLS_CERT_FILE",
                        pkcs12(client, "canary").toString(),
                        "REDIS_TLS_KEY_PASSWORD",
                        "canary"))) {
            Map<String, String> all = new HashMap<>(variables);
            all.put("REDIS_CONNECTION_URL", "rediss://localhost:" + server.port());
            all.put("REDIS_TLS_CA_FILE", certificates.authority().toString());
            all.put("REDIS_SOCKET_TIMEOUT", LIMIT.toSeconds() + "s");
            RedisSettings settings = RedisSettings.fromEnvironment(all);

            try (RedisManager redis = RedisManager.create(settings)) {
                redis.syncTestConnection();
            }
            assertThat(settings.toString()).doesNotContain("canary");
        }
    }

    @Test
    void reportsThatTheServerDemandsACertificate() {
        try (RedisManager redis = manager(null)) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(redis::syncTestConnection)
                    .withMessageContaining("certificate of the client");
        }
    }

    /** TLS 1.2 has no alert of its own for that. */
    @Test
    void reportsThatAnOlderServerDemandsACertificate() {
        try (EmbeddedRedis older = EmbeddedRedis.builder()
                        .tls(certificates.server())
                        .option("tls-auth-clients", "yes")
                        .option("tls-protocols", "TLSv1.2")
                        .start();
                RedisManager redis =
                        managerWith(older.port(), new RedisTls(true, true, certificates.authority(), null))) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(redis::syncTestConnection)
                    .withMessageContaining("certificate of the client");
        }
    }

    @Test
    void reportsThatTheServerRefusesTheCertificate() {
        TestCertificate stranger = TestCertificates.in(folder).client();
        try (RedisManager redis = manager(pem(stranger))) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(redis::syncTestConnection)
                    .withMessageContaining("certificate of the client");
        }
    }

    @Test
    void usesARotatedCertificateOnReconnect() throws IOException {
        TestCertificate stranger = TestCertificates.in(folder).client();
        Path certificate = Files.copy(stranger.certificate(), folder.resolve("tls.crt"));
        Path key = Files.copy(stranger.key(), folder.resolve("tls.key"));
        try (RedisManager redis = manager(ClientCertificate.ofPem(certificate, key))) {
            assertThat(catchThrowable(redis::syncTestConnection)).isInstanceOf(RedisUnavailableException.class);

            TestCertificate right = certificates.client();
            replace(right.certificate(), certificate);
            replace(right.key(), key);

            await().atMost(LIMIT).ignoreExceptions().untilAsserted(redis::syncTestConnection);
            assertThat(redis.getSyncClient().ping()).isEqualTo("PONG");
        }
    }

    @Test
    void usesARotatedAuthorityOnReconnect() throws IOException {
        Path authority = Files.copy(TestCertificates.in(folder).authority(), folder.resolve("ca.crt"));
        RedisTls tls = new RedisTls(true, true, authority, pem(certificates.client()));
        try (RedisManager redis = managerWith(tls)) {
            assertThat(catchThrowable(redis::syncTestConnection)).isInstanceOf(RedisUnavailableException.class);

            replace(certificates.authority(), authority);

            await().atMost(LIMIT).ignoreExceptions().untilAsserted(redis::syncTestConnection);
        }
    }

    @Test
    void namesAnUnusableFileAndConnectsOnceItIsUsable() throws IOException {
        TestCertificate client = certificates.client();
        Path key = Files.copy(certificates.client().key(), folder.resolve("tls.key"));
        try (RedisManager redis = manager(ClientCertificate.ofPem(client.certificate(), key))) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(redis::syncTestConnection)
                    .withMessageContaining("the key in " + key + " does not belong to the first certificate in "
                            + client.certificate());

            Files.delete(key);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(catchThrowable(redis::syncTestConnection))
                            .hasMessageContaining("the file " + key + " cannot be read"));

            replace(client.key(), key);
            await().atMost(LIMIT).ignoreExceptions().untilAsserted(redis::syncTestConnection);
        }
    }

    private RedisManager manager(@Nullable ClientCertificate certificate) {
        return managerWith(new RedisTls(true, true, certificates.authority(), certificate));
    }

    private RedisManager manager(int port, ClientCertificate certificate) {
        return managerWith(port, new RedisTls(true, true, certificates.authority(), certificate));
    }

    private RedisManager managerWith(RedisTls tls) {
        return managerWith(server.port(), tls);
    }

    /** Waits long, because the first TLS connection of a JVM takes seconds on a busy machine. */
    private static RedisManager managerWith(int port, RedisTls tls) {
        return RedisManager.create(RedisSettings.builder("rediss://localhost:" + port)
                .tls(tls)
                .socketTimeout(LIMIT)
                .build());
    }

    private static ClientCertificate pem(TestCertificate certificate) {
        return ClientCertificate.ofPem(certificate.certificate(), certificate.key());
    }

    private Path pkcs12(TestCertificate certificate, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                PrivateKeys.read(certificate.key(), Files.readAllBytes(certificate.key()), null),
                password.toCharArray(),
                Pem.certificates(certificate.certificate(), Files.readAllBytes(certificate.certificate()))
                        .toArray(X509Certificate[]::new));
        Path file = folder.resolve("client.p12");
        try (OutputStream output = Files.newOutputStream(file)) {
            store.store(output, password.toCharArray());
        }
        return file;
    }

    /** Puts {@code to} in the place of another file at once, as tools that rotate certificates do. */
    private void replace(Path from, Path to) throws IOException {
        Path copy = Files.copy(from, folder.resolve("next"));
        Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
