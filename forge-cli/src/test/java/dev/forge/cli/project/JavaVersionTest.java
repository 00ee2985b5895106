package dev.forge.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaVersionTest {
    @ParameterizedTest
    @CsvSource({"17, 17", "20, 17", "21, 21", "25, 21", "30, 21"})
    void isByDefaultOneThatTheJdkCanBuild(int jdk, int version) {
        assertThat(JavaVersion.usualOn(jdk).number()).isEqualTo(version);
    }

    @Test
    void isOneWithLongTermSupport() {
        assertThat(JavaVersion.of("25")).isEqualTo(new JavaVersion(25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8", "18", "017", "21.0", "x"})
    void refusesOthers(String text) {
        assertThatExceptionOfType(InvalidAnswer.class)
                .isThrownBy(() -> JavaVersion.of(text))
                .withMessageContaining("must be 17, 21 or 25");
    }
}
