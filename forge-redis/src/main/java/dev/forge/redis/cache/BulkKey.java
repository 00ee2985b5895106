package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.SingleFlight.Flight;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One key of a bulk look-up, and how far that has come. */
final class BulkKey<V> {

    final String key;
    final String redisKey;

    /** What was read, or null: see {@link dev.forge.redis.internal.cache.RedisStore#arriveAll}. */
    @Nullable
    Object arrived;

    /** The look-up of this key that others in this process may join, while this bulk leads it. */
    @Nullable
    Flight<V> led;

    /** The look-up of another caller that this one waits for. */
    @Nullable
    Flight<V> joined;

    /** What Redis had, once it was asked. */
    @Nullable
    LookupResult<V> found;

    /** The lease under which this key is loaded, or null if it is not stored. */
    Leases.@Nullable Held held;

    /** How often the load of another process has been waited for, and since when. */
    int waits;

    private long waitingSince;

    // Also written by the callbacks of look-ups that were joined.
    private volatile @Nullable Optional<V> value;

    BulkKey(String key, String redisKey, @Nullable Object arrived) {
        this.key = key;
        this.redisKey = redisKey;
        this.arrived = arrived;
    }

    /** Gives this key its value, or the knowledge that it has none. */
    void settle(Optional<V> known) {
        // A look-up that was joined may end after this key got its value in another round.
        if (value == null) {
            value = known;
        }
    }

    boolean isSettled() {
        return value != null;
    }

    /** Returns the value, or the knowledge that there is none. */
    Optional<V> value() {
        return requireNonNull(value, "a key that is not settled");
    }

    /** Returns what was read, and lets go of it. */
    @Nullable
    Object takeArrived() {
        Object taken = arrived;
        arrived = null;
        return taken;
    }

    /** Notes that another process is loading this key; returns for how many nanoseconds that has been so. */
    long busyForNanos() {
        long now = System.nanoTime();
        if (waits == 0) {
            waitingSince = now;
        }
        waits++;
        return now - waitingSince;
    }
}
