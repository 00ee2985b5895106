package dev.forge.redis.ratelimit;

import java.time.Duration;

/** The answer to one request. */
public sealed interface Decision {

    /**
     * The request may proceed.
     *
     * @param remaining how many more permits would be given right now
     * @param resetAfter how long until the whole limit is free again, if nothing else is asked
     * @param basis what the answer rests on
     * @param limit the limit of which the least remains
     */
    record Allowed(long remaining, Duration resetAfter, Basis basis, Limit limit) implements Decision {}

    /**
     * The request must not proceed.
     *
     * @param retryAfter how long until the same request would be allowed, if no one else takes the permits; with
     *     {@link Basis#OUTAGE} after how long it is worth asking whether Redis is back; never zero
     * @param resetAfter how long until the whole limit is free again, if nothing else is asked
     * @param basis what the answer rests on
     * @param limit the limit that denies it the longest
     */
    record Denied(Duration retryAfter, Duration resetAfter, Basis basis, Limit limit) implements Decision {}

    /** What an answer rests on. */
    enum Basis {
        /** The count that all processes share. */
        COUNT,
        /** A refusal that follows from an earlier answer of that count; Redis was not asked again. */
        REMEMBERED,
        /**
         * {@link OnOutage#ALLOW} or {@link OnOutage#DENY}, because Redis could not be asked or did not answer in time; or a cost
         * above the {@link OnOutage#LOCAL_SHARE}, which only Redis can allow.
         */
        OUTAGE,
        /** {@link OnOutage#LOCAL_SHARE}, for the same reason. */
        LOCAL_SHARE
    }

    /** Returns whether the request may proceed. */
    default boolean isAllowed() {
        return this instanceof Allowed;
    }

    /** Returns how long until the whole limit is free again, if nothing else is asked. */
    Duration resetAfter();

    /** Returns what the answer rests on. */
    Basis basis();

    /** Returns which of several limits decided; if there is only one, that. */
    Limit limit();
}
