package dev.forge.redis.settings;

/** Which servers answer reads of values: {@code get}, their bytes, and look-ups of a cache. */
public enum ReadFrom {
    /** The primary: what was written can be read at once. */
    PRIMARY,
    /**
     * A replica that can be reached, or else the primary. A replica lags behind, so a value that was just written, or deleted,
     * may for a while be read as it was before; nobody can say how long. Sessions, rate limits and leases always ask the
     * primary.
     */
    REPLICA
}
