package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** The rule for how long a value may be kept, by the manager and by the features alike. */
public final class Ttl {

    /** Says that a value is to be kept until it is deleted. */
    public static final Duration NO_EXPIRY = Duration.ofSeconds(Long.MAX_VALUE);

    /** The longest time that anything is kept which ends at all: ten years. */
    public static final Duration LONGEST = Duration.ofDays(3653);

    private Ttl() {}

    /**
     * Returns {@code ttl} if Redis can keep a value for so long, or if it is {@link #NO_EXPIRY}.
     *
     * @param name what to call it in the message
     * @throws IllegalArgumentException if it is zero, negative, below a millisecond or above ten years
     */
    public static Duration check(String name, Duration ttl) {
        requireNonNull(ttl, name);
        if (ttl.equals(NO_EXPIRY)) {
            return ttl;
        }
        if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name
                    + " must be from 1 ms to 10 years (or RedisManager.NO_EXPIRY to keep for ever), but was " + ttl);
        }
        return ttl;
    }
}
