package dev.forge.redis.internal.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.connection.Outbox;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GenerationTest {

    private static final Duration MOST = Duration.ofSeconds(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long begin = System.nanoTime();
    private final Freshness freshness = new Freshness(MOST, begin);
    private final Generation generation = new Generation(new Outbox("nowhere", HandshakeCommands::ping), freshness);

    @Test
    void isTrustedForSoLongSinceTheServerWasLastAskedAndAnswered() {
        assertThat(generation.isTrusted(begin + SECOND)).isTrue();
        assertThat(generation.isTrusted(begin + SECOND + 1)).isFalse();

        freshness.renew(begin + SECOND / 2);

        assertThat(generation.isTrusted(begin + SECOND + SECOND / 2)).isTrue();
        assertThat(generation.isTrusted(begin + SECOND + SECOND / 2 + 1)).isFalse();
    }

    @Test
    void isNotTrustedLessBecauseAnOlderAnswerComesLate() {
        freshness.renew(begin + SECOND);

        freshness.renew(begin + SECOND / 2);

        assertThat(generation.isTrusted(begin + 2 * SECOND)).isTrue();
    }

    @Test
    void isNeverTrustedAgainOnceItHasEnded() {
        generation.end();

        freshness.renew(begin + SECOND);

        assertThat(generation.isTrusted(begin + SECOND)).isFalse();
        assertThat(generation.isOver()).isTrue();
    }

    @Test
    void measuresAcrossTheEndOfTheClock() {
        long late = Long.MAX_VALUE - SECOND / 2;
        Generation overflowing =
                new Generation(new Outbox("nowhere", HandshakeCommands::ping), new Freshness(MOST, late));

        assertThat(overflowing.isTrusted(late + SECOND)).isTrue();
        assertThat(overflowing.isTrusted(late + SECOND + 1)).isFalse();
    }
}
