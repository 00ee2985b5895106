package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One key of a bulk look-up, and its progress. */
final class BulkKey<V> {

    final CacheKey key;

    /**
     * A decoded value, the bytes of an entry, or null: see {@link
     * dev.forge.redis.internal.cache.RedisStore#prefetchAll}.
     */
    @Nullable
    Object prefetched;

    /** The look-up of this key that other callers may join, while this bulk look-up leads it. */
    @Nullable
    Flight<V> led;

    /** The look-up of another caller that this bulk look-up waits for. */
    @Nullable
    Flight<V> joined;

    /** The first look-up that this key has joined; any other one that it joins has begun after this bulk look-up. */
    @Nullable
    Flight<V> firstJoined;

    /** The result of the look-up in Redis, once there is one. */
    @Nullable
    LookupResult<V> found;

    /** The lease under which this key is loaded, or null if the value must not be stored. */
    Leases.@Nullable Held held;

    /** How often this key has waited for the load of another process. */
    int waits;

    private long waitingSince;

    // Also written by the callbacks of joined look-ups.
    private volatile @Nullable Optional<V> value;

    BulkKey(CacheKey key, @Nullable Object prefetched) {
        this.key = key;
        this.prefetched = prefetched;
    }

    /** Sets the value of this key, or the fact that it has none; the first call wins. */
    void settle(Optional<V> known) {
        // A joined look-up may end after this key got its value in another round.
        if (value == null) {
            value = known;
        }
    }

    boolean isSettled() {
        return value != null;
    }

    /** Returns the value, or nothing if the key has none. */
    Optional<V> value() {
        return requireNonNull(value, "a key that is not settled");
    }

    /** Returns the prefetched data, and clears it so that it can be collected. */
    @Nullable
    Object takePrefetched() {
        Object taken = prefetched;
        prefetched = null;
        return taken;
    }

    /** Counts another wait for a process that is loading this key; returns the nanoseconds since the first wait. */
    long busyForNanos() {
        long now = System.nanoTime();
        if (waits == 0) {
            waitingSince = now;
        }
        waits++;
        return now - waitingSince;
    }
}
