package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckBatchTest {

    private static final long ENDS_AT = Long.MAX_VALUE;

    private final Check first = check();
    private final CheckBatch batch = new CheckBatch(first, ENDS_AT);

    @Test
    void acceptsChecksUntilItIsSealed() {
        Check second = check();

        assertThat(batch.add(second, ENDS_AT, 0)).isTrue();
        assertThat(batch.seal()).containsExactly(first, second);
        assertThat(batch.add(check(), ENDS_AT, 0)).isFalse();
        assertThat(batch.seal()).containsExactly(first, second);
    }

    @Test
    void acceptsNoCheckWithAnEarlierDeadline() {
        assertThat(batch.add(check(), ENDS_AT - 1, 100)).isFalse();
        // System.nanoTime() may overflow.
        assertThat(batch.add(check(), ENDS_AT + 1, 100)).isTrue();
    }

    @Test
    void acceptsNoCheckThatHasMuchMoreTime() {
        assertThat(batch.add(check(), ENDS_AT + 101, 100)).isFalse();
        assertThat(batch.add(check(), ENDS_AT + 100, 100)).isTrue();
    }

    @Test
    void acceptsEightChecks() {
        for (int i = 1; i < 8; i++) {
            assertThat(batch.add(check(), ENDS_AT, 0)).isTrue();
        }

        assertThat(batch.add(check(), ENDS_AT, 0)).isFalse();
    }

    private static Check check() {
        return new Check(List.of("key"), 1, 1);
    }
}
