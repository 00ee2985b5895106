package dev.forge.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceTest {

    private final Silence silence = new Silence();

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
}
