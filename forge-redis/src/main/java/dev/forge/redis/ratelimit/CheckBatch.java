package dev.forge.redis.ratelimit;

import java.util.ArrayList;
import java.util.List;

/**
 * One call to Redis that has not been sent yet, and the checks it will carry.
 *
 * <p>No check waits for others. Checks that arrive while the call waits for its turn on the connection join it. So a
 * single check is sent at once, and under load many checks share the server's cost of one call.
 *
 * <p>Thread-safe.
 */
final class CheckBatch {

    /** A larger batch saves the server little, and leaves it idle while the many callers of one batch are woken. */
    private static final int MOST_CHECKS = 8;

    private final long endsAt;
    private final List<Check> checks = new ArrayList<>(4);
    private boolean sealed;

    /** @param endsAt when the call must have been answered, on the clock of {@link System#nanoTime()} */
    CheckBatch(Check first, long endsAt) {
        this.endsAt = endsAt;
        checks.add(first);
    }

    /**
     * Adds {@code check} if it still fits; returns whether it was added.
     *
     * @param otherEndsAt when the check must be answered
     * @param mostEarly how many nanoseconds before that it may be given up, because the call ends sooner
     */
    synchronized boolean add(Check check, long otherEndsAt, long mostEarly) {
        long early = otherEndsAt - endsAt;
        return !sealed && checks.size() < MOST_CHECKS && early >= 0 && early <= mostEarly && checks.add(check);
    }

    /** Closes the batch to further checks; returns its checks. */
    synchronized List<Check> seal() {
        sealed = true;
        return checks;
    }
}
