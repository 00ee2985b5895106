package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {

    private final FailureDetector silence = new FailureDetector();

    @Test
    void tellsBytesThatAnswerNothingFromNoBytesAndFromAnswers() {
        long asked = System.nanoTime();
        assertThat(silence.isDeaf(asked)).isFalse();

        silence.heard();
        assertThat(silence.isDeaf(asked)).isTrue();

        silence.answer();
        assertThat(silence.isDeaf(asked)).isFalse();
        silence.heard();
        assertThat(silence.isDeaf(asked)).isFalse();
        assertThat(silence.isDeaf(System.nanoTime())).isFalse();
    }

    @Test
    void asksOnceForTheSakeOfTheAnswerWhenACallWasLateThoughBytesCame() {
        long late = System.nanoTime();
        silence.heard();

        assertThat(silence.missed(late)).isEqualTo(FailureDetector.Step.CHECK);
        silence.check();
        assertThat(silence.missed(late)).isEqualTo(FailureDetector.Step.NOTHING);
        assertThat(silence.isSilent()).isFalse();
    }

    @Test
    void givesUpHopeWhereWhatWasAskedLongBeforeHasNoAnswerThoughOthersHave() {
        long before = System.nanoTime();
        silence.check();
        Promises.pause(Duration.ofMillis(50));
        long late = System.nanoTime();
        silence.heard();
        silence.answer();

        assertThat(silence.isDeaf(late)).isTrue();
        assertThat(silence.isDeaf(before)).isFalse();
        silence.checked();
        assertThat(silence.isDeaf(late)).isFalse();
    }
}
