package dev.forge.redis.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * One call to Redis that has not left yet, and the questions that will travel with it.
 *
 * <p>Nobody waits for company: whoever comes while the call waits for its turn on the connection takes a seat. So a lone question
 * leaves at once, and under load many share what a call costs the server.
 *
 * <p>Thread-safe.
 */
final class CheckBatch {

    /** More would save the server little, and keep it idle until the callers of a large call have been woken. */
    private static final int SEATS = 8;

    private final long endsAt;
    private final List<Check> asks = new ArrayList<>(4);
    private boolean left;

    /** @param endsAt when the call has to be answered, on the clock of {@link System#nanoTime()} */
    CheckBatch(Check first, long endsAt) {
        this.endsAt = endsAt;
        asks.add(first);
    }

    /** Takes {@code ask}, which has until {@code otherEndsAt}, if it still can; returns whether it has. */
    synchronized boolean take(Check ask, long otherEndsAt) {
        return !left && asks.size() < SEATS && otherEndsAt - endsAt >= 0 && asks.add(ask);
    }

    /** Closes the door; returns who travels. */
    synchronized List<Check> leave() {
        left = true;
        return asks;
    }
}
