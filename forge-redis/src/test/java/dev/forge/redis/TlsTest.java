package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.TestCertificate;
import dev.forge.redis.test.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir
    static Path folder;

    private static TestCertificates certificates;

    @BeforeAll
    static void makeAuthority() {
        certificates = TestCertificates.in(folder);
    }

    @Test
    void talksToAServerThatItTrusts() {
        try (EmbeddedRedis server = server(certificates.server());
                RedisManager redis = manager(server, new RedisTls(true, true, certificates.authority()))) {
            redis.setSync("a", "1");

            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
        }
    }

    @Test
    void refusesAServerThatItDoesNotTrust() {
        try (EmbeddedRedis server = server(certificates.server());
                RedisManager redis = manager(server, RedisTls.VERIFIED)) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> redis.getSync("a"))
                    .withMessageContaining("cannot connect to Redis at localhost:" + server.port());
        }
    }

    @Test
    void refusesAServerWithAnotherName() {
        assertRefused(certificates.wrongHost());
    }

    @Test
    void refusesAServerWhoseCertificateHasExpired() {
        assertRefused(certificates.expired());
    }

    @Test
    void refusesAServerThatVouchesForItself() {
        assertRefused(certificates.selfSigned());
    }

    @Test
    void trustsAnybodyOnlyWhenToldTo() {
        try (EmbeddedRedis server = server(certificates.wrongHost());
                RedisManager redis = manager(server, new RedisTls(true, false, null))) {
            redis.syncTestConnection();
        }
    }

    @Test
    void doesNotTalkToAServerWithoutTls() {
        try (EmbeddedRedis server = EmbeddedRedis.start();
                RedisManager redis = manager(server, RedisTls.VERIFIED, Duration.ofSeconds(1))) {
            assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> redis.getSync("a"));
        }
    }

    private static void assertRefused(TestCertificate certificate) {
        try (EmbeddedRedis server = server(certificate);
                RedisManager redis = manager(server, new RedisTls(true, true, certificates.authority()))) {
            assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> redis.getSync("a"));
        }
    }

    private static EmbeddedRedis server(TestCertificate certificate) {
        return EmbeddedRedis.builder().tls(certificate).start();
    }

    /** Waits long, because the first connection of a JVM by TLS takes seconds on a busy machine. */
    private static RedisManager manager(EmbeddedRedis server, RedisTls tls) {
        return manager(server, tls, Duration.ofSeconds(20));
    }

    private static RedisManager manager(EmbeddedRedis server, RedisTls tls, Duration limit) {
        return RedisManager.create(RedisSettings.of("rediss://localhost:" + server.port())
                .withTls(tls)
                .withSocketTimeout(limit));
    }
}
