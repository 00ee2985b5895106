package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DepartureTest {

    private static final long ENDS_AT = Long.MAX_VALUE;

    private final Ask first = ask();
    private final Departure departure = new Departure(first, ENDS_AT);

    @Test
    void takesWhoComesBeforeItLeaves() {
        Ask second = ask();

        assertThat(departure.take(second, ENDS_AT)).isTrue();
        assertThat(departure.leave()).containsExactly(first, second);
        assertThat(departure.take(ask(), ENDS_AT)).isFalse();
        assertThat(departure.leave()).containsExactly(first, second);
    }

    @Test
    void takesNobodyWhoHasToBeAnsweredSooner() {
        assertThat(departure.take(ask(), ENDS_AT - 1)).isFalse();
        // The clock of the JVM may run over.
        assertThat(departure.take(ask(), ENDS_AT + 1)).isTrue();
    }

    @Test
    void takesEight() {
        for (int i = 1; i < 8; i++) {
            assertThat(departure.take(ask(), ENDS_AT)).isTrue();
        }

        assertThat(departure.take(ask(), ENDS_AT)).isFalse();
    }

    private static Ask ask() {
        return new Ask(List.of("key"), 1, 1);
    }
}
