package dev.forge.redis.internal.transport;

import java.time.Duration;

/**
 * How long an attempt to connect may take.
 *
 * <p>A server that is there accepts a connection at once, however busy it is. So a later attempt gives up early where
 * nothing accepts: what it leads to may be somewhere else by now. TLS and the login may take the whole time.
 *
 * @param whole all of it, except for the look-up of the name
 * @param first whether this is the first attempt, in which a JVM that has just started is slow at everything
 */
public record Patience(Duration whole, boolean first) {

    private static final Duration ACCEPTING = Duration.ofSeconds(1);

    /** Returns the patience of the first attempt. */
    public static Patience ofFirst(Duration whole) {
        return new Patience(whole, true);
    }

    /** Returns the patience of an attempt that is not the first. */
    public static Patience ofLater(Duration whole) {
        return new Patience(whole, false);
    }

    /** Returns the patience of the same attempt with one of several addresses. */
    Patience share(Duration part) {
        return new Patience(part, first);
    }

    /** Returns how long it may take until the server accepts. */
    Duration accepting() {
        return first || whole.compareTo(ACCEPTING) < 0 ? whole : ACCEPTING;
    }
}
