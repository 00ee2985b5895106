package dev.forge.redis.internal.cache;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The result of a look-up in Redis. */
public sealed interface LookupResult<V> {

    /** Returns the lease with which the loaded value may be stored, or null if it may not. */
    default byte @Nullable [] token() {
        return null;
    }

    /** Returns whether no lease keeps other processes from loading the value too. */
    default boolean isUnshared() {
        return this instanceof LookupResult.WithoutRedis || this instanceof LookupResult.Fenced;
    }

    /**
     * A fresh value, or a cached absence.
     *
     * @param freshMillis how long it stays fresh; {@link Long#MAX_VALUE} if it never expires or its TTL was not read
     * @param loadMillis how long it took to load
     * @param isLasting whether only a change of its key can invalidate it: it has no tags, and is not being refreshed
     */
    record Present<V>(Optional<V> value, long freshMillis, int loadMillis, boolean isLasting)
            implements LookupResult<V> {

        /**
         * Returns by how many milliseconds to refresh it early, at random: XFetch with {@code eagerness} as its beta.
         */
        public double leadMillis(double eagerness) {
            return loadMillis
                    * eagerness
                    * -Math.log(1 - ThreadLocalRandom.current().nextDouble());
        }
    }

    /** A stale value, which may be served until it is refreshed. */
    record Stale<V>(Optional<V> value) implements LookupResult<V> {}

    /** No value; {@code token} is the lease with which the loaded value may be stored, or null if it may not. */
    @SuppressWarnings("ArrayRecordComponent") // results are never compared
    record Missing<V>(byte @Nullable [] token) implements LookupResult<V> {}

    /** Another process is loading the value; its lease ends in {@code leftMillis}. */
    record Busy<V>(long leftMillis) implements LookupResult<V> {}

    /** A transaction that changes the value has not ended: what is loaded now must not be stored, nor waited for. */
    record Fenced<V>() implements LookupResult<V> {}

    /** Redis is unavailable, or its value must not be trusted. */
    record WithoutRedis<V>() implements LookupResult<V> {}
}
