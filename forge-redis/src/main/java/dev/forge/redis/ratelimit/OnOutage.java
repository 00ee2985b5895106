package dev.forge.redis.ratelimit;

/** How a limiter decides while Redis is unavailable. */
public enum OnOutage {
    /**
     * Allows every request: for limits whose absence is bearable, so that one outage does not cause another.
     *
     * <p>A Redis that refuses because it is out of memory is the exception: as callers can bring that about, the limiter
     * decides by {@link #LOCAL_SHARE} then.
     */
    ALLOW,
    /**
     * Denies every request: for limits that must always hold, such as for logins. The denial says to try again after a
     * second, because Redis may be back by then.
     */
    DENY,
    /**
     * Counts in this process alone, against its share of the limit: the limit divided by
     * {@link RateLimiter#withInstances}.
     *
     * <p>The share is a token bucket for each subject, whatever the algorithm. It starts full when the outage begins,
     * and holds at least one permit. The 10,000 most recent subjects are remembered.
     *
     * <p>A cost above the share is denied as by {@link #DENY}, with {@link Decision.Basis#OUTAGE}, until Redis is back.
     * If each process saved up permits for it, all processes together would allow more than the limit.
     */
    LOCAL_SHARE
}
