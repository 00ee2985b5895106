package dev.forge.redis.ratelimit;

import java.time.Duration;

/** Whether one request may proceed, and when to try again if it may not. */
public sealed interface Decision {

    /**
     * The request may proceed.
     *
     * @param remaining how many more permits are free right now
     * @param nextAfter how long until the same request would be allowed again, if no other request comes; zero if it
     *     would be now
     * @param resetAfter how long until the whole limit is free again, if no other request comes
     * @param basis what the decision is based on
     * @param limit the limit with the fewest permits left
     */
    record Allowed(long remaining, Duration nextAfter, Duration resetAfter, Basis basis, Limit limit)
            implements Decision {}

    /**
     * The request must not proceed.
     *
     * @param retryAfter how long until the same request would be allowed, if no other request takes the permits; with
     *     {@link Basis#OUTAGE}, how long to wait before asking again whether Redis is back; never zero
     * @param resetAfter how long until the whole limit is free again, if no other request comes
     * @param basis what the decision is based on
     * @param limit the limit that denies it the longest
     */
    record Denied(Duration retryAfter, Duration resetAfter, Basis basis, Limit limit) implements Decision {}

    /** What a decision is based on. */
    enum Basis {
        /** The count that all processes share. */
        COUNT,
        /**
         * That count, as an earlier answer reported it: the request cannot be allowed yet. Redis was not asked again.
         */
        REMEMBERED,
        /**
         * {@link OnOutage#ALLOW} or {@link OnOutage#DENY}, because Redis was unavailable or did not answer in time; or
         * a cost above the {@link OnOutage#LOCAL_SHARE}, which only Redis can allow.
         */
        OUTAGE,
        /** {@link OnOutage#LOCAL_SHARE}, for the same reason. */
        LOCAL_SHARE
    }

    /** Returns whether the request may proceed. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    /** Returns how long until the whole limit is free again, if no other request comes. */
    Duration resetAfter();

    /** Returns what the decision is based on. */
    Basis basis();

    /** Returns the limit that decided, if there are several, or else the only one. */
    Limit limit();
}
