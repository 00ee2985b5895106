package dev.forge.redis.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTargetTest {

    @Test
    void isTheAddressThatTheErrorNames() {
        assertThat(RedirectTarget.in("MOVED 3999 10.0.0.2:6381", "10.0.0.1:6379"))
                .isEqualTo(new HostAndPort("10.0.0.2", 6381));
        assertThat(RedirectTarget.in("ASK 3999 fd00::2:6381", "10.0.0.1:6379"))
                .isEqualTo(new HostAndPort("fd00::2", 6381));
    }

    @Test
    void isAnotherPortOfTheNodeThatAnsweredIfNoHostIsNamed() {
        assertThat(RedirectTarget.in("MOVED 3999 :6381", "10.0.0.1:6379")).isEqualTo(new HostAndPort("10.0.0.1", 6381));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "MOVED",
                "MOVED 3999",
                "MOVED 3999 ",
                "MOVED 3999 nowhere",
                "MOVED 3999 ?:6381",
                "MOVED 3999 10.0.0.2:",
                "MOVED 3999 10.0.0.2:port",
                "MOVED 3999 10.0.0.2:0",
                "MOVED 3999 10.0.0.2:65536"
            })
    void isUnknownIfTheErrorNamesNoAddress(String error) {
        assertThat(RedirectTarget.in(error, "10.0.0.1:6379")).isNull();
    }
}
