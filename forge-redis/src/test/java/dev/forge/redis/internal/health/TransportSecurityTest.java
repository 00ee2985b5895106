package dev.forge.redis.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.health.Finding;
import dev.forge.redis.health.Finding.Code;
import dev.forge.redis.health.Finding.Severity;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisTls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransportSecurityTest {

    private static final RedisLogin LOGIN = RedisLogin.of("forge", "CANARY");

    @Test
    void findsAPasswordSentOverTheNetworkUnencrypted() {
        assertThat(TransportSecurity.look(RedisSettings.builder("redis://redis.example.com")
                        .login(LOGIN)
                        .build()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(Code.NO_TLS);
                    assertThat(finding.severity()).isEqualTo(Severity.SEVERE);
                    assertThat(finding.toString()).doesNotContain("CANARY");
                });
    }

    @Test
    void findsARemoteServerWithoutAPassword() {
        assertThat(TransportSecurity.look(RedisSettings.of("redis://10.0.0.7")))
                .extracting(Finding::code)
                .containsExactly(Code.NO_TLS, Code.NO_PASSWORD);
        assertThat(TransportSecurity.look(RedisSettings.of("rediss://10.0.0.7")))
                .extracting(Finding::code)
                .containsExactly(Code.NO_PASSWORD);
    }

    @Test
    void findsThatTheCertificateIsNotVerified() {
        RedisSettings settings =
                RedisSettings.builder("rediss://10.0.0.7").login(LOGIN).build();

        assertThat(TransportSecurity.look(settings)).isEmpty();
        assertThat(TransportSecurity.look(settings.toBuilder()
                        .tls(new RedisTls(true, false, null))
                        .build()))
                .extracting(Finding::code)
                .containsExactly(Code.UNVERIFIED_TLS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost",
                "redis://127.0.0.1",
                "redis://127.8.0.1",
                "redis://[::1]",
                "redis-socket:///run/redis.sock"
            })
    void acceptsAnUnencryptedPasswordWithinOneMachine(String url) {
        assertThat(TransportSecurity.look(
                        RedisSettings.builder(url).login(LOGIN).build()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://localhost.example.com", "redis://127.example.com", "redis-cluster://localhost,10.0.0.7"
            })
    void doesNotMistakeAnotherMachineForThisOne(String url) {
        assertThat(TransportSecurity.look(
                        RedisSettings.builder(url).login(LOGIN).build()))
                .extracting(Finding::code)
                .containsExactly(Code.NO_TLS);
    }
}
