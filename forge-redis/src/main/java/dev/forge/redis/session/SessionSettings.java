package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.Map;

/**
 * How long sessions last, and where they are stored.
 *
 * @param keyspace the namespace of their keys
 * @param idleTimeout how long a session lasts without being used; at least 1 second
 * @param absoluteTimeout how long it lasts at most; at least the idle timeout, at most 366 days
 * @param maxBytes the most bytes of UTF-8 in the names and values of one session; from 1 KiB to 1 MiB
 */
public record SessionSettings(Keyspace keyspace, Duration idleTimeout, Duration absoluteTimeout, int maxBytes) {

    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int KIB = 1024;
    private static final int DEFAULT_BYTES = 16 * KIB;

    /** Checks the durations and the size. */
    public SessionSettings {
        requireNonNull(keyspace, "keyspace");
        if (idleTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("idleTimeout must be at least 1 second, but was " + idleTimeout);
        }
        if (absoluteTimeout.compareTo(idleTimeout) < 0 || absoluteTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("absoluteTimeout must be from idleTimeout (" + idleTimeout
                    + ") to 366 days, but was " + absoluteTimeout);
        }
        if (maxBytes < KIB || maxBytes > KIB * KIB) {
            throw new IllegalArgumentException("maxBytes must be from 1024 to 1048576, but was " + maxBytes);
        }
    }

    /** Returns the settings for sessions of up to 16 KiB, named {@code session}, that last 24 hours. */
    public static SessionSettings defaults() {
        return new SessionSettings(new Keyspace("session"), Duration.ofHours(24), Duration.ofHours(24), DEFAULT_BYTES);
    }

    /** Returns these settings with another name for the sessions. */
    public SessionSettings withName(String name) {
        return new SessionSettings(new Keyspace(name), idleTimeout, absoluteTimeout, maxBytes);
    }

    /** Returns these settings with other timeouts. */
    public SessionSettings withTimeouts(Duration idleTimeout, Duration absoluteTimeout) {
        return new SessionSettings(keyspace, idleTimeout, absoluteTimeout, maxBytes);
    }

    /**
     * Checks {@code attributes} as a {@link SessionStore} checks all that a session has. Does not ask Redis.
     *
     * @throws IllegalArgumentException if they are too many or too large, or one has a name or text that cannot be stored
     */
    public void checkAttributes(Map<String, String> attributes) {
        Attributes.check(attributes, maxBytes);
    }

    /** Returns these settings with another limit on the names and values of one session. */
    public SessionSettings withMaxBytes(int maxBytes) {
        return new SessionSettings(keyspace, idleTimeout, absoluteTimeout, maxBytes);
    }
}
