package dev.forge.redis.internal.tracking;

import dev.forge.redis.internal.connection.PipelinedConnection;
import org.jspecify.annotations.Nullable;

/**
 * A period in which one connection has delivered every invalidation without a gap.
 *
 * <p>A value that {@link Tracking#read} has read in an epoch is current to within
 * {@link dev.forge.redis.settings.RedisSettings#nearMaxStaleness()} as long as the epoch
 * {@linkplain #isTrusted is trusted} and no {@link Tracking.Listener} was notified of its change. An epoch that has
 * ended, or whose trust has lapsed, is never trusted again: a new one begins, in which nothing has been read yet.
 *
 * <p>Thread-safe.
 */
public final class TrackingEpoch {

    private final Freshness freshness;

    // Null once the epoch is over, because values that were read in it may stay in memory for longer than its
    // connection.
    private volatile @Nullable PipelinedConnection pipeline;

    /** @param pipeline the connection on which the server sends invalidations */
    public TrackingEpoch(PipelinedConnection pipeline, Freshness freshness) {
        this.pipeline = pipeline;
        this.freshness = freshness;
    }

    /**
     * Returns whether values read in this epoch may be served. Costs two memory reads; never blocks.
     *
     * @param nowNanos the time of {@link System#nanoTime()}, read after the value was picked
     */
    public boolean isTrusted(long nowNanos) {
        // In this order: if trust has lapsed, the end of the epoch is written before the freshness is renewed.
        return !freshness.hasLapsed(nowNanos) && !isOver();
    }

    /** Returns whether it has ended for good. */
    public boolean isOver() {
        return pipeline == null;
    }

    public void end() {
        pipeline = null;
    }

    /** Returns the connection, or null if the epoch is over. */
    public @Nullable PipelinedConnection pipeline() {
        return pipeline;
    }
}
