package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The rule for TTLs, shared by the manager and the features. */
public final class Ttl {

    /** The TTL of a value that is kept until it is deleted. */
    public static final Duration NO_EXPIRY = Duration.ofSeconds(Long.MAX_VALUE);

    /** The shortest TTL: Redis counts in milliseconds. */
    public static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest TTL of a value that expires: ten years. */
    public static final Duration LONGEST = Duration.ofDays(3653);

    private Ttl() {}

    /**
     * Returns {@code ttl} if it is valid, or {@link #NO_EXPIRY}.
     *
     * @param name the name of the argument in the message
     * @throws IllegalArgumentException if it is below a millisecond or above ten years
     */
    public static Duration check(String name, Duration ttl) {
        requireNonNull(ttl, name);
        if (ttl.equals(NO_EXPIRY)) {
            return ttl;
        }
        if (ttl.compareTo(SHORTEST) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name
                    + " must be from 1 ms to 10 years (or RedisManager.NO_EXPIRY to keep for ever), but was " + ttl);
        }
        return ttl;
    }
}
