package dev.forge.redis.settings;

/** Which servers answer reads of values: {@code get} of a manager, and look-ups of a cache. */
public enum ReadFrom {
    /** The primary: a write can be read at once. */
    PRIMARY,
    /**
     * A reachable replica, or else the primary, even if the replica refuses because it is still loading its data or has
     * lost its primary. A replica lags behind, so a value that was just written or deleted may still be read as it was
     * before, for an unbounded time. Sessions, rate limits and leases always use the primary.
     */
    REPLICA
}
