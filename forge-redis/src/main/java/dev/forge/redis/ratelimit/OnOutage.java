package dev.forge.redis.ratelimit;

/** What a limiter answers while Redis cannot be asked. */
public enum OnOutage {
    /** Lets every request through: the limit protects comfort, and an outage should not become another. */
    ALLOW,
    /**
     * Denies every request: the limit protects something that must not be tried without it, such as a login. The refusal says to
     * ask again after a second, because Redis may be back by then.
     */
    DENY,
    /**
     * Counts in this process alone, against its share of the limit: the limit divided by {@link RateLimiter#withInstances}.
     *
     * <p>The share is a token bucket for each subject, whatever the algorithm; it begins full with the outage, and holds at
     * least one permit. The 10,000 subjects that asked last are remembered.
     *
     * <p>A cost above the share is denied as by {@link #DENY}, with {@link Decision.Basis#OUTAGE}: it cannot be allowed until
     * Redis is back. A bucket that saved up for it in each process would allow all processes together more than the limit.
     */
    LOCAL_SHARE
}
