package dev.forge.redis.internal.route;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Decides when to look for another primary while the current server refuses writes.
 *
 * <p>At once, then after pauses of a quarter of the time since the first refusal: at least a second, because a failover
 * takes no longer, and at most ten seconds.
 */
final class ReadOnlyPause {

    static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int PART = 4;

    // A server that has refused no write for so long accepted writes in between: the pauses start over.
    private static final long OVER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier ticker;
    private final AtomicLong due;

    // Written only by the thread that has just changed the due time.
    private volatile long since;

    ReadOnlyPause(LongSupplier ticker) {
        this.ticker = ticker;
        this.due = new AtomicLong(ticker.getAsLong() - OVER_NANOS);
    }

    /** Returns whether to look for another primary now, after a write was refused. */
    boolean isOver() {
        long expected = due.get();
        long now = ticker.getAsLong();
        if (now - expected < 0) {
            return false;
        }
        boolean begins = now - expected >= OVER_NANOS;
        long lasted = begins ? 0 : now - since;
        long pause = Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, lasted / PART));
        if (!due.compareAndSet(expected, now + pause)) {
            return false;
        }
        if (begins) {
            since = now;
        }
        return true;
    }
}
