package dev.forge.redis.ratelimit;

import java.time.Duration;

/** The answer to one request. */
public sealed interface Decision {

    /**
     * The request may proceed.
     *
     * @param remaining how many more would be allowed right now
     * @param resetAfter how long until the whole limit is free again, if nothing else is asked
     * @param basis what the answer rests on
     */
    record Allowed(long remaining, Duration resetAfter, Basis basis) implements Decision {}

    /**
     * The request must not proceed.
     *
     * @param retryAfter how long until the same request would be allowed, if nobody else takes the permits; never zero
     * @param resetAfter how long until the whole limit is free again, if nothing else is asked
     * @param basis what the answer rests on
     */
    record Denied(Duration retryAfter, Duration resetAfter, Basis basis) implements Decision {}

    /** What an answer rests on. */
    enum Basis {
        /** The count that all processes share. */
        COUNT,
        /** The {@link OnOutage} setting, because Redis could not be asked. */
        OUTAGE
    }

    /** Returns whether the request may proceed. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    /** Returns how long until the whole limit is free again, if nothing else is asked. */
    Duration resetAfter();

    /** Returns what the answer rests on. */
    Basis basis();
}
