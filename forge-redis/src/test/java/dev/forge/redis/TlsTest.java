package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.test.RedisExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @TempDir
    static Path folder;

    private static TlsProxy.Certificate good;
    private static TlsProxy.Certificate wrongHost;

    @BeforeAll
    static void makeCertificates() throws Exception {
        good = TlsProxy.certificate(folder, "good", "dns:localhost,ip:127.0.0.1");
        wrongHost = TlsProxy.certificate(folder, "wrong", "dns:elsewhere.example");
    }

    @Test
    void talksToAServerThatItTrusts() throws Exception {
        try (TlsProxy proxy = new TlsProxy(good, SERVER.server().port());
                RedisManager redis = manager(proxy, new RedisTls(true, true, good.pem()))) {
            redis.setSync("a", "1");

            assertThat(redis.getSync("a")).contains("1");
            assertThat(redis.getSyncClient().get("a")).isEqualTo("1");
        }
    }

    @Test
    void refusesAServerThatItDoesNotTrust() throws Exception {
        try (TlsProxy proxy = new TlsProxy(good, SERVER.server().port());
                RedisManager redis = manager(proxy, RedisTls.VERIFIED)) {
            assertThatExceptionOfType(RedisUnavailableException.class)
                    .isThrownBy(() -> redis.getSync("a"))
                    .withMessageContaining("cannot connect to Redis at localhost:" + proxy.port());
        }
    }

    @Test
    void refusesAServerWithAnotherName() throws Exception {
        try (TlsProxy proxy = new TlsProxy(wrongHost, SERVER.server().port());
                RedisManager redis = manager(proxy, new RedisTls(true, true, wrongHost.pem()))) {
            assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> redis.getSync("a"));
        }
    }

    @Test
    void trustsAnybodyOnlyWhenToldTo() throws Exception {
        try (TlsProxy proxy = new TlsProxy(wrongHost, SERVER.server().port());
                RedisManager redis = manager(proxy, new RedisTls(true, false, null))) {
            redis.syncTestConnection();
        }
    }

    @Test
    void doesNotTalkToAServerWithoutTls() {
        RedisSettings settings = RedisSettings.of(
                        "rediss://127.0.0.1:" + SERVER.server().port())
                .withSocketTimeout(Duration.ofSeconds(1));
        try (RedisManager redis = RedisManager.create(settings)) {
            assertThatExceptionOfType(RedisUnavailableException.class).isThrownBy(() -> redis.getSync("a"));
        }
    }

    private static RedisManager manager(TlsProxy proxy, RedisTls tls) {
        return RedisManager.create(
                RedisSettings.of("rediss://localhost:" + proxy.port()).withTls(tls));
    }
}
