package dev.forge.redis.internal.tracking;

import java.time.Duration;

/**
 * The time up to which every invalidation of one connection is known to have been received.
 *
 * <p>Times are those of {@link System#nanoTime()}; the clock of the server is never used.
 */
public final class Freshness {

    private final long mostNanos;

    // Written by the thread that reads the connection only.
    private volatile long asOf;

    /**
     * @param most how long after {@code asOf} values may still be served
     * @param asOf a time before tracking was requested
     */
    public Freshness(Duration most, long asOf) {
        this.mostNanos = most.toNanos();
        this.asOf = asOf;
    }

    /** Returns whether, at {@code now}, that time is too long ago. */
    boolean hasLapsed(long now) {
        return now - asOf > mostNanos;
    }

    /**
     * Notes that the server has replied to a question sent at {@code askedAt}, so that every earlier invalidation has
     * arrived.
     */
    public void renew(long askedAt) {
        if (askedAt - asOf > 0) {
            asOf = askedAt;
        }
    }
}
