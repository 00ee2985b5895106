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
 * The values that one cache keeps in memory, bounded, and what makes it impossible to keep one that has changed.
 *
 * <p>The answer of Redis and the news that it is no longer true come one after the other on one thread, but the answer is
 * decoded and kept on another, later: perhaps after the news. So a fetch puts a {@link Pending} in before its question leaves,
 * news of the key remove whatever is there, and the value is kept only in place of that very pending entry ("leased
 * generations", docs/near-cache.md). Loaders and expiry of the map itself are not used: they know no such order.
 */
public final class NearMap<V> {

    private final ConcurrentMap<String, NearEntry<V>> entries;
    private final Predicate<String> distrusted;

    /**
     * @param maxWeight how much all entries may weigh together; a pending one weighs 1
     * @param distrusted whether a write of this process to a key has failed and is still to be made good: its owner says so first
     *     and calls {@link #forget} then
     */
    public NearMap(long maxWeight, Predicate<String> distrusted) {
        this.distrusted = distrusted;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maxWeight)
                .<String, NearEntry<V>>weigher((key, entry) -> entry.weight())
                // Its upkeep is short. On the common pool it would wake another thread time and again.
                .executor(Runnable::run)
                .<String, NearEntry<V>>build()
                .asMap();
    }

    /** Returns what is known of {@code key} and may be served now, or null. Allocates nothing. */
    @Nullable
    public Held<V> get(String key) {
        // The clock is read after the entry was picked: see Generation.isTrusted.
        return entries.get(key) instanceof Held<V> held && held.isGood(System.nanoTime()) ? held : null;
    }

    /**
     * Begins a fetch of {@code key}, in place of whatever is there. The question must leave after this. Of a key that is distrusted
     * nothing is kept.
     */
    public Pending<V> begin(String key, TrackingEpoch epoch) {
        Pending<V> pending = new Pending<>(epoch);
        entries.put(key, pending);
        // Asked after it was put in: a write that fails from here on removes it.
        if (distrusted.test(key)) {
            entries.remove(key, pending);
        }
        return pending;
    }

    /**
     * Keeps what the fetch has found, unless anything was heard of the key since it began.
     *
     * @param deadline the time of {@link System#nanoTime()} from which on it is not served
     */
    public boolean publish(String key, Pending<V> pending, Optional<V> value, long deadline, int weight) {
        return entries.replace(key, pending, new Held<>(value, pending.epoch(), deadline, weight));
    }

    /** Ends a fetch of which nothing is kept. */
    void abandon(String key, Pending<V> pending) {
        entries.remove(key, pending);
    }

    /** Forgets {@code key}, and keeps a fetch under way from keeping what it finds. */
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
