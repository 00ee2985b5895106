package dev.forge.redis.ratelimit;

/** What a limiter answers while Redis cannot be asked. */
public enum OnOutage {
    /** Lets every request through: the limit protects comfort, and an outage should not become another. */
    ALLOW,
    /** Denies every request: the limit protects something that must not be tried without it, such as a login. */
    DENY
}
