package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalShareTest {

    private static final Limit LIMIT = Limit.of(100, Duration.ofSeconds(100));

    /** So near to the end of the numbers that it overflows soon, as the clock of a JVM may. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);

    @Test
    void givesASubjectItsShareAndThenOneAtATime() {
        LocalShare share = new LocalShare(List.of(LIMIT), 10, clock::get);
        for (int left = 9; left >= 0; left--) {
            assertThat(share.decide("ada", 1, true))
                    .isEqualTo(new Allowed(left, Duration.ofSeconds(10L * (10 - left)), Basis.LOCAL_SHARE, LIMIT));
        }

        assertThat(share.decide("ada", 1, true))
                .isEqualTo(new Denied(Duration.ofSeconds(10), Duration.ofSeconds(100), Basis.LOCAL_SHARE, LIMIT));
        assertThat(share.decide("bob", 10, true).isAllowed()).isTrue();
        assertThat(share.decide("eve", 11, true).isAllowed()).isFalse();

        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(share.decide("ada", 1, false).isAllowed()).isTrue();
        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
        assertThat(share.decide("ada", 1, true).isAllowed()).isFalse();
    }

    @Test
    void givesEachInstanceOnePermitOfALimitThatIsTooSmallToShare() {
        LocalShare share = new LocalShare(List.of(Limit.of(1, Duration.ofSeconds(1))), 60, clock::get);

        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(share.decide("ada", 1, true).isAllowed()).isFalse();
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
    }

    @Test
    void takesPermitsOfAllLimitsOrOfNone() {
        Limit small = Limit.of(2, Duration.ofSeconds(50));
        LocalShare share = new LocalShare(List.of(LIMIT, small), 1, clock::get);
        share.decide("ada", 2, true);

        Decision denied = share.decide("ada", 1, true);

        assertThat(denied)
                .isEqualTo(new Denied(Duration.ofSeconds(25), Duration.ofSeconds(50), Basis.LOCAL_SHARE, small));
        clock.addAndGet(Duration.ofSeconds(50).toNanos());
        assertThat(share.decide("ada", 2, true))
                .isEqualTo(new Allowed(0, Duration.ofSeconds(50), Basis.LOCAL_SHARE, small));
    }

    @Test
    void remembersTheSubjectsThatAskedLast() {
        LocalShare share = new LocalShare(List.of(Limit.of(1, Duration.ofHours(1))), 1, clock::get);
        share.decide("first", 1, true);
        for (int i = 1; i < LocalShare.MOST_SUBJECTS; i++) {
            share.decide("subject " + i, 1, true);
        }

        assertThat(share.decide("first", 1, true).isAllowed()).isFalse();
        assertThat(share.decide("one more", 1, true).isAllowed()).isTrue();
        assertThat(share.decide("subject 1", 1, true).isAllowed()).isTrue();
    }
}
