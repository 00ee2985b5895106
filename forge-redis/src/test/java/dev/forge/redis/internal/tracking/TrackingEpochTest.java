package dev.forge.redis.internal.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.internal.connection.Unconnected;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrackingEpochTest {

    private static final Duration MOST = Duration.ofSeconds(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long begin = System.nanoTime();
    private final Freshness freshness = new Freshness(MOST, begin);
    private final TrackingEpoch epoch = new TrackingEpoch(Unconnected.named("nowhere"), freshness);

    @Test
    void isTrustedForTheBoundSinceTheLastAnsweredQuestion() {
        assertThat(epoch.isTrusted(begin + SECOND)).isTrue();
        assertThat(epoch.isTrusted(begin + SECOND + 1)).isFalse();

        freshness.renew(begin + SECOND / 2);

        assertThat(epoch.isTrusted(begin + SECOND + SECOND / 2)).isTrue();
        assertThat(epoch.isTrusted(begin + SECOND + SECOND / 2 + 1)).isFalse();
    }

    @Test
    void ignoresALateReplyToAnOlderQuestion() {
        freshness.renew(begin + SECOND);

        freshness.renew(begin + SECOND / 2);

        assertThat(epoch.isTrusted(begin + 2 * SECOND)).isTrue();
    }

    @Test
    void isNeverTrustedAgainOnceItHasEnded() {
        epoch.end();

        freshness.renew(begin + SECOND);

        assertThat(epoch.isTrusted(begin + SECOND)).isFalse();
        assertThat(epoch.isOver()).isTrue();
    }

    @Test
    void isRightWhenTheClockOverflows() {
        long late = Long.MAX_VALUE - SECOND / 2;
        TrackingEpoch overflowing = new TrackingEpoch(Unconnected.named("nowhere"), new Freshness(MOST, late));

        assertThat(overflowing.isTrusted(late + SECOND)).isTrue();
        assertThat(overflowing.isTrusted(late + SECOND + 1)).isFalse();
    }
}
