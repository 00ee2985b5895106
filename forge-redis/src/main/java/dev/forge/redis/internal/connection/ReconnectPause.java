package dev.forge.redis.internal.connection;

import java.util.random.RandomGenerator;

/**
 * The pause between two attempts to connect.
 *
 * <p>It is random between 10 ms and a bound that doubles up to half a second ("full jitter"; M. Brooker,
 * "Exponential Backoff and Jitter", 2015), so that many clients neither wait long nor connect all at once.
 */
public final class ReconnectPause {

    public static final int FIRST_MILLIS = 20;
    public static final int LONGEST_MILLIS = 500;

    private static final int SHORTEST_MILLIS = 10;
    private static final int MOST_DOUBLINGS = 10;

    private ReconnectPause() {}

    /**
     * Returns how long to wait.
     *
     * @param failures how many attempts have failed since the last connection
     */
    public static int millis(int failures, RandomGenerator random) {
        int bound = (int) Math.min(LONGEST_MILLIS, (long) FIRST_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        return Math.max(SHORTEST_MILLIS, random.nextInt(bound + 1));
    }
}
