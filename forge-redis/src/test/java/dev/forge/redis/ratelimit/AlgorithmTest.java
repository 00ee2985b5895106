package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AlgorithmTest {

    @ParameterizedTest
    @EnumSource
    void itsScriptHasItsName(Algorithm algorithm) {
        assertThat(algorithm.script()).hasToString(algorithm.name().toLowerCase(Locale.ROOT) + ".lua");
    }
}
