package dev.forge.redis.internal.tracking;

import java.time.Duration;

/**
 * Up to which moment it is certain that everything which a server had to tell on one connection has been heard.
 *
 * <p>Moments are those of {@link System#nanoTime()} here: the clock of the server is never asked.
 */
public final class Freshness {

    private final long mostNanos;

    // Written by the event loop of the connection only.
    private volatile long asOf;

    /**
     * @param most the longest time for which nothing needs to be heard
     * @param asOf before the server was asked to tell
     */
    public Freshness(Duration most, long asOf) {
        this.mostNanos = most.toNanos();
        this.asOf = asOf;
    }

    long asOf() {
        return asOf;
    }

    long mostNanos() {
        return mostNanos;
    }

    /** Returns whether, at {@code now}, it is too long ago that it was certain. */
    boolean hasLapsed(long now) {
        return now - asOf > mostNanos;
    }

    /** Takes note that the server has answered what it was asked at {@code askedAt}, and so has told what there was before. */
    public void renew(long askedAt) {
        if (askedAt - asOf > 0) {
            asOf = askedAt;
        }
    }
}
