package dev.forge.redis.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.ratelimit.Decision.Allowed;
import dev.forge.redis.ratelimit.Decision.Basis;
import dev.forge.redis.ratelimit.Decision.Denied;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalShareTest {

    private static final Limit LIMIT = Limit.of(100, Duration.ofSeconds(100));

    /** So near to the maximum that it overflows soon, as the clock of a JVM may. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);

    @Test
    void allowsTheShareAndThenOnePermitAtATime() {
        LocalShare share = new LocalShare(List.of(LIMIT), 10, clock::get);
        for (int left = 9; left >= 0; left--) {
            Duration next = left == 0 ? Duration.ofSeconds(10) : Duration.ZERO;
            Duration reset = Duration.ofSeconds(10L * (10 - left));
            assertThat(share.decide("ada", 1, true))
                    .isEqualTo(new Allowed(left, next, reset, Basis.LOCAL_SHARE, LIMIT));
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
    void givesEachInstanceAtLeastOnePermit() {
        LocalShare share = new LocalShare(List.of(Limit.of(1, Duration.ofSeconds(1))), 60, clock::get);

        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
        clock.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(share.decide("ada", 1, true).isAllowed()).isFalse();
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 365, 400, 100",
        "100, 366, 300, 100",
        "1000000, 30, 5000, 1000000",
        "1000000, 366, 7, 142857",
        "10, 366, 400, 10",
        "100, 365, 400, 1",
        "100, 1, 400, 100",
        "1000, 366, 1000000, 1",
        "1000, 366, 1000000, 999",
        "1, 366, 1000000, 1",
        "2, 366, 1, 2",
        "1000000, 366, 1000000, 1",
        "1000000, 1, 1, 1000000",
        "7, 366, 3, 2"
    })
    void neverAllowsMoreThanItsShare(int permits, int days, int instances, int cost) {
        Limit limit = Limit.of(permits, Duration.ofDays(days));
        LocalShare share = new LocalShare(List.of(limit), instances, clock::get);
        int shared = Math.max(1, permits / instances);

        // In two periods a bucket gives what it held, plus what was refilled.
        long taken = 0;
        for (int i = 0; i < 1_000; i++) {
            taken += share.decide("ada", cost, true).isAllowed() ? cost : 0;
            assertThat(taken).isLessThanOrEqualTo(i < 500 ? shared : 2L * shared);
            if (i == 499) {
                clock.addAndGet(limit.period().toNanos());
            }
        }

        assertThat(taken > 0).isEqualTo(cost <= shared);
    }

    @ParameterizedTest
    @CsvSource({"100, 365, 400", "10, 366, 400", "7, 366, 3", "1000000, 366, 7", "3, 1, 1"})
    void allowsAgainExactlyAtRetryAfter(int permits, int days, int instances) {
        LocalShare share = new LocalShare(List.of(Limit.of(permits, Duration.ofDays(days))), instances, clock::get);
        int shared = Math.max(1, permits / instances);
        share.decide("ada", shared, true);

        Denied denied = (Denied) share.decide("ada", 1, true);

        clock.addAndGet(denied.retryAfter().toNanos() - 1);
        assertThat(share.decide("ada", 1, false).isAllowed()).isFalse();
        clock.addAndGet(1);
        assertThat(share.decide("ada", 1, true).isAllowed()).isTrue();
    }

    @Test
    void roundsTheTimeOfAPermitUp() {
        LocalShare share = new LocalShare(List.of(Limit.of(3, Duration.ofSeconds(1))), 1, clock::get);
        share.decide("ada", 3, true);

        assertThat(share.decide("ada", 1, true))
                .isInstanceOfSatisfying(
                        Denied.class,
                        denied -> assertThat(denied.retryAfter()).isEqualTo(Duration.ofNanos(333_333_334)));
    }

    @Test
    void deniesACostAboveTheShareUntilRedisIsBack() {
        Limit small = Limit.of(30, Duration.ofSeconds(50));
        LocalShare share = new LocalShare(List.of(LIMIT, small), 10, clock::get);
        Duration pause = Duration.ofSeconds(1);

        assertThat(share.decide("ada", 4, true)).isEqualTo(new Denied(pause, pause, Basis.OUTAGE, small));
        assertThat(share.decide("ada", 11, true)).isEqualTo(new Denied(pause, pause, Basis.OUTAGE, LIMIT));
        assertThat(share.decide("ada", 3, true).isAllowed()).isTrue();
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
                .isEqualTo(new Allowed(0, Duration.ofSeconds(50), Duration.ofSeconds(50), Basis.LOCAL_SHARE, small));
    }

    @Test
    void remembersTheMostRecentSubjects() {
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
