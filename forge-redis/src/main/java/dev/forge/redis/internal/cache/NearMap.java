package dev.forge.redis.internal.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bounded map of a near cache, by the keys that callers pass, which never keeps a value that has changed.
 *
 * <p>The reply of Redis and a later invalidation arrive in order on one thread. But the reply is decoded and kept on
 * another thread, perhaps after the invalidation. So a fetch puts a {@link Pending} entry into the map before its
 * request is sent. An invalidation removes any entry of its key, and the value only replaces that very pending entry
 * (docs/near-cache.md). The loaders and the expiry of the map itself are not used, because they do not have this order.
 */
public final class NearMap<V> {

    private final ConcurrentMap<String, NearEntry<V>> entries;
    private final Predicate<CacheKey> distrusted;

    /**
     * @param maxWeight the maximum total weight of all entries; a pending entry weighs 1
     * @param distrusted whether a write of this process to a key has failed and its invalidation is pending; the writer
     *     sets this first and then calls {@link #forget}
     */
    public NearMap(long maxWeight, Predicate<CacheKey> distrusted) {
        this.distrusted = distrusted;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxWeight)
                .<String, NearEntry<V>>weigher((key, entry) -> entry.weight())
                // Its maintenance is short. On the common pool it would wake another thread again and again.
                .executor(Runnable::run)
                .<String, NearEntry<V>>build()
                .asMap();
    }

    /** Returns the value of {@code key} that may be served now, or null. Allocates nothing. */
    @Nullable
    public Held<V> get(String key) {
        // The clock is read after the entry was picked: see TrackingEpoch.isTrusted.
        return entries.get(key) instanceof Held<V> held && held.isGood(System.nanoTime()) ? held : null;
    }

    /**
     * Begins a fetch of {@code key}, and replaces any entry there. The request must be sent after this. The value of a
     * distrusted key is not kept.
     */
    public Pending<V> begin(CacheKey key, TrackingEpoch epoch) {
        Pending<V> pending = new Pending<>(epoch);
        entries.put(key.given(), pending);
        // Tested after the put: a write that fails from here on removes the entry.
        if (distrusted.test(key)) {
            entries.remove(key.given(), pending);
        }
        return pending;
    }

    /**
     * Keeps the fetched value, unless the key was invalidated since the fetch began; returns whether it is kept.
     *
     * @param deadline the time of {@link System#nanoTime()} at which it is no longer served
     */
    public boolean publish(String key, Pending<V> pending, Optional<V> value, long deadline, int weight) {
        return entries.replace(key, pending, new Held<>(value, pending.epoch(), deadline, weight));
    }

    /** Ends a fetch without keeping its value. */
    void abandon(String key, Pending<V> pending) {
        entries.remove(key, pending);
    }

    /** Removes {@code key}, and keeps a running fetch from adding its value. */
    public void forget(String key) {
        entries.remove(key);
    }

    void forgetAll() {
        entries.clear();
    }

    int size() {
        return entries.size();
    }
}
