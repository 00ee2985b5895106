package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.connection.PipelinedConnection;

/**
 * The time in which one connection has told of every change without a gap.
 *
 * <p>What was read by {@link Tracking#read} in a generation, and of whose change a {@link Tracking.Listener} has not heard, is
 * current to within {@link dev.forge.redis.settings.RedisSettings#nearMaxStaleness()} for as long as the generation {@linkplain #isTrusted is trusted}.
 * A generation that has ended, or in which trust has lapsed, never comes back: there is a new one, in which nothing has been
 * read yet.
 *
 * <p>Thread-safe.
 */
public final class TrackingEpoch {

    private final PipelinedConnection pipeline;
    private final Freshness freshness;
    private volatile boolean over;

    /** @param pipeline the way to the server that tells of changes */
    public TrackingEpoch(PipelinedConnection pipeline, Freshness freshness) {
        this.pipeline = pipeline;
        this.freshness = freshness;
    }

    /**
     * Returns whether what was read in this generation may be served. Costs two reads of memory; never blocks.
     *
     * @param nowNanos the time of {@link System#nanoTime()}, not from before the value was picked
     */
    public boolean isTrusted(long nowNanos) {
        // In this order: where trust lapses, the end is written before the freshness that comes after it.
        long asOf = freshness.asOf();
        return nowNanos - asOf <= freshness.mostNanos() && !over;
    }

    /** Returns whether it has ended for good. */
    public boolean isOver() {
        return over;
    }

    public void end() {
        over = true;
    }

    public PipelinedConnection pipeline() {
        return pipeline;
    }
}
