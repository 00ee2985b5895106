package dev.forge.redis.session;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.key.Keyspace;
import java.time.Duration;

/**
 * How long sessions last, and where they are stored.
 *
 * @param keyspace the namespace of their keys
 * @param idleTimeout how long a session lasts without being used; at least 1 second
 * @param absoluteTimeout how long it lasts at most; at least the idle timeout, at most 366 days
 */
public record SessionSettings(Keyspace keyspace, Duration idleTimeout, Duration absoluteTimeout) {

    private static final Duration LONGEST = Duration.ofDays(366);

    /** Checks the durations. */
    public SessionSettings {
        requireNonNull(keyspace, "keyspace");
        if (idleTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("idleTimeout must be at least 1 second, but was " + idleTimeout);
        }
        if (absoluteTimeout.compareTo(idleTimeout) < 0 || absoluteTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("absoluteTimeout must be from idleTimeout (" + idleTimeout
                    + ") to 366 days, but was " + absoluteTimeout);
        }
    }

    /** Returns the settings for sessions named {@code session} that last 24 hours, however much they are used. */
    public static SessionSettings defaults() {
        return new SessionSettings(new Keyspace("session"), Duration.ofHours(24), Duration.ofHours(24));
    }

    /** Returns these settings with another name for the sessions. */
    public SessionSettings withName(String name) {
        return new SessionSettings(new Keyspace(name), idleTimeout, absoluteTimeout);
    }

    /** Returns these settings with other timeouts. */
    public SessionSettings withTimeouts(Duration idleTimeout, Duration absoluteTimeout) {
        return new SessionSettings(keyspace, idleTimeout, absoluteTimeout);
    }
}
