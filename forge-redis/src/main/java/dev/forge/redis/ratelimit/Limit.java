package dev.forge.redis.ratelimit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A rate limit: {@code permits} in any {@code period}.
 *
 * @param permits from 1 to 1,000,000
 * @param period from 1 ms to 366 days; rounded up to a whole microsecond
 */
public record Limit(int permits, Duration period) {

    private static final int MOST_PERMITS = 1_000_000;
    private static final Duration LONGEST_PERIOD = Duration.ofDays(366);

    /** Checks the ranges. */
    public Limit {
        requireNonNull(period, "period");
        if (permits < 1 || permits > MOST_PERMITS) {
            throw new IllegalArgumentException("permits must be from 1 to " + MOST_PERMITS + ", but was " + permits);
        }
        if (period.compareTo(Duration.ofMillis(1)) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
            throw new IllegalArgumentException("period must be from 1 ms to 366 days, but was " + period);
        }
    }

    /** Returns the limit of {@code permits} in any {@code period}. */
    public static Limit of(int permits, Duration period) {
        return new Limit(permits, period);
    }

    /** Returns the period in the unit of the scripts, rounded up: a permit becomes free late rather than early. */
    long periodMicros() {
        return (period.toNanos() + 999) / 1_000;
    }
}
