package dev.forge.redis.internal.cache;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a look-up in Redis found. */
public sealed interface LookupResult<V> {

    /**
     * The value, or the knowledge that there is none.
     *
     * @param freshMillis how long it stays fresh, or {@link Long#MAX_VALUE} where nobody asked or it has no end
     * @param loadMillis how long it took to load
     * @param isLasting whether only a change of its key changes it: not that of a tag, and it is not being replaced
     */
    record Present<V>(Optional<V> value, long freshMillis, int loadMillis, boolean isLasting)
            implements LookupResult<V> {

        /** Returns by how many milliseconds chance has it be loaded early: XFetch with {@code eagerness} as its beta. */
        public double leadMillis(double eagerness) {
            return loadMillis
                    * eagerness
                    * -Math.log(1 - ThreadLocalRandom.current().nextDouble());
        }
    }

    /** What is kept in memory. */
    record Near<V>(Optional<V> value) implements LookupResult<V> {}

    /** A value that should be loaded again, and may be used until that is done. */
    record Stale<V>(Optional<V> value) implements LookupResult<V> {}

    /** Nothing; {@code token} is that of the lease, the right to store what is loaded, or null if nobody may. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares leases
    record Missing<V>(byte @Nullable [] token) implements LookupResult<V> {}

    /** Another process is loading, and has {@code leftMillis} until its lease ends. */
    record Busy<V>(long leftMillis) implements LookupResult<V> {}

    /** Redis cannot be asked. */
    record WithoutRedis<V>() implements LookupResult<V> {}
}
