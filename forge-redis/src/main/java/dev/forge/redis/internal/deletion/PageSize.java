package dev.forge.redis.internal.deletion;

import java.util.Arrays;

/**
 * How many keys to scan in one step, so that it takes about three quarters of a millisecond of the server's time.
 *
 * <p>That time is the response time minus the round trip of a trivial command. Other work, on either side, only ever
 * makes it longer, so the cheapest of the last few steps shows the cost of a key.
 */
public final class PageSize {

    public static final int FIRST = 500;
    static final int LEAST = 100;
    static final int MOST = 2_000;

    // About 100 us pass between a reply and the next request, so smaller pages take longer in total: those of 500 us by
    // 5 to 8 %. With pages of 800 us others wait 0.8 ms in the median instead of 0.5; the longest waits have other
    // causes.
    private static final double AIM_NANOS = 750_000;
    private static final int REMEMBERED = 8;

    private final double[] costs = new double[REMEMBERED];
    private long pages;
    private long roundTripNanos = Long.MAX_VALUE;
    private int next = FIRST;

    /** Returns the number of keys for the next step. */
    int next() {
        return next;
    }

    /** Notes the round trip of a command that costs the server nothing. */
    void roundTrip(long nanos) {
        roundTripNanos = Math.min(roundTripNanos, nanos);
    }

    /** Notes how long the reply about {@code count} keys took. */
    void took(long nanos, int count) {
        long trip = roundTripNanos == Long.MAX_VALUE ? 0 : roundTripNanos;
        double cost = (double) Math.max(1, nanos - trip) / count;
        costs[(int) (pages++ % REMEMBERED)] = cost;
        double cheapest =
                Arrays.stream(costs).limit(Math.min(pages, REMEMBERED)).min().orElse(cost);
        // At most twice or half as many, so that one outlier has little effect.
        double wanted = Math.max(next / 2.0, Math.min(next * 2.0, AIM_NANOS / cheapest));
        next = (int) Math.max(LEAST, Math.min(MOST, wanted));
    }
}
