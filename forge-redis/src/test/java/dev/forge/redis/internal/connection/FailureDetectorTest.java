package dev.forge.redis.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.Promises;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {

    private final FailureDetector detector = new FailureDetector();

    @Test
    void isStuckIfBytesButNoReplyHaveCome() {
        long asked = System.nanoTime();
        assertThat(detector.isStuck(asked)).isFalse();

        detector.heard();
        assertThat(detector.isStuck(asked)).isTrue();

        detector.answer();
        assertThat(detector.isStuck(asked)).isFalse();
        detector.heard();
        assertThat(detector.isStuck(asked)).isFalse();
        assertThat(detector.isStuck(System.nanoTime())).isFalse();
    }

    @Test
    void checksOnceWhenACallTimesOutAlthoughBytesCame() {
        long late = System.nanoTime();
        detector.heard();

        assertThat(detector.missed(late)).isEqualTo(FailureDetector.Step.CHECK);
        detector.check();
        assertThat(detector.missed(late)).isEqualTo(FailureDetector.Step.NOTHING);
        assertThat(detector.isUnresponsive()).isFalse();
    }

    @Test
    void isStuckIfAnEarlierCheckHasNoReplyAlthoughOtherCallsHave() {
        long before = System.nanoTime();
        detector.check();
        Promises.pause(Duration.ofMillis(50));
        long late = System.nanoTime();
        detector.heard();
        detector.answer();

        assertThat(detector.isStuck(late)).isTrue();
        assertThat(detector.isStuck(before)).isFalse();
        detector.checked();
        assertThat(detector.isStuck(late)).isFalse();
    }
}
