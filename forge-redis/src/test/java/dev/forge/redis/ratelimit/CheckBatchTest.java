package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckBatchTest {

    private static final long ENDS_AT = Long.MAX_VALUE;

    private final Check first = ask();
    private final CheckBatch batch = new CheckBatch(first, ENDS_AT);

    @Test
    void takesWhoComesBeforeItLeaves() {
        Check second = ask();

        assertThat(batch.take(second, ENDS_AT)).isTrue();
        assertThat(batch.leave()).containsExactly(first, second);
        assertThat(batch.take(ask(), ENDS_AT)).isFalse();
        assertThat(batch.leave()).containsExactly(first, second);
    }

    @Test
    void takesNobodyWhoHasToBeAnsweredSooner() {
        assertThat(batch.take(ask(), ENDS_AT - 1)).isFalse();
        // The clock of the JVM may run over.
        assertThat(batch.take(ask(), ENDS_AT + 1)).isTrue();
    }

    @Test
    void takesEight() {
        for (int i = 1; i < 8; i++) {
            assertThat(batch.take(ask(), ENDS_AT)).isTrue();
        }

        assertThat(batch.take(ask(), ENDS_AT)).isFalse();
    }

    private static Check ask() {
        return new Check(List.of("key"), 1, 1);
    }
}
