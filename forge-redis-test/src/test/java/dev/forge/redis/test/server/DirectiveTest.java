package dev.forge.redis.test.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectiveTest {
    @Test
    void quotesEveryArgument() {
        assertThat(Directive.of("save", "60", "1").line()).isEqualTo("save \"60\" \"1\"");
        assertThat(Directive.of("save", "").line()).isEqualTo("save \"\"");
        assertThat(Directive.of("dir", "C:\\my \"data\"").line()).isEqualTo("dir \"C:\\\\my \\\"data\\\"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nport 1", "a\rb", "a\0b", "\u0085"})
    void refusesAValueThatBreaksTheLineWithoutRepeatingIt(String value) {
        assertThatThrownBy(() -> Directive.of("requirepass", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option requirepass must fit on one line, but has a control character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "max memory", "save\nport", "#", "-x"})
    void refusesInvalidNames(String name) {
        assertThatThrownBy(() -> Directive.of(name, "value"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("option must be the name of a redis.conf directive, but was \"")
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesADirectiveWithoutAValue() {
        assertThatThrownBy(() -> Directive.of("save"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("option save must have a value, but had none");
    }
}
