package dev.forge.redis.internal.deletion;

import java.util.Arrays;

/**
 * How many keys to look at in one step, so that a step takes about three quarters of a millisecond of the server's time.
 *
 * <p>That time is what the answer takes less what any answer takes. Other work, here or there, only ever makes it longer:
 * the cheapest of the last few steps says what a key costs.
 */
public final class PageSize {

    public static final int FIRST = 500;
    static final int LEAST = 100;
    static final int MOST = 2_000;

    // Some 100 us are lost between an answer and the next question, so that smaller pages take longer in all: those of
    // 500 us by 5 to 8 %. In pages of 800 us others wait 0.8 ms in the median instead of 0.5; the longest waits come
    // from other things.
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

    /** Notes what an answer takes that costs the server nothing. */
    void roundTrip(long nanos) {
        roundTripNanos = Math.min(roundTripNanos, nanos);
    }

    /** Notes how long the answer about {@code count} keys took. */
    void took(long nanos, int count) {
        long trip = roundTripNanos == Long.MAX_VALUE ? 0 : roundTripNanos;
        double cost = (double) Math.max(1, nanos - trip) / count;
        costs[(int) (pages++ % REMEMBERED)] = cost;
        double cheapest =
                Arrays.stream(costs).limit(Math.min(pages, REMEMBERED)).min().orElse(cost);
        // At most twice or half as many: one strange measurement must not matter much.
        double wanted = Math.max(next / 2.0, Math.min(next * 2.0, AIM_NANOS / cheapest));
        next = (int) Math.max(LEAST, Math.min(MOST, wanted));
    }
}
