package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.thread.CallerFuture;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A key without a value, and the right to store the value that the caller loads.
 *
 * <p>It holds the lease on the key, unless another caller has it. A value is stored only if the lease still exists: one
 * that was read before an {@linkplain Cache#invalidate invalidation} is never stored after it. Meanwhile callers of
 * {@link Cache#get} wait for the value, in every process. So store it, or {@link #close} this, as soon as possible. The
 * lease is renewed until then, and ends by itself at the {@link CacheBuilder#leaseTime}. No one waits for a miss that
 * {@linkplain LookupOptions#yielding yields}.
 *
 * <p>When Redis is unavailable, nothing is stored, and no method fails for that reason.
 *
 * <p>The first call of a store method or of {@code close} settles the miss; later calls do nothing. Thread-safe.
 *
 * @param <V> the type of the values
 */
public final class CacheMiss<V> implements CacheLookup<V>, AutoCloseable {

    private final CallerLookup<V> lookup;
    private final CacheKey key;
    private final Leases.Held lease;
    private final long clock;
    private final boolean besideValue;
    private final long since = System.nanoTime();
    private final AtomicBoolean settled = new AtomicBoolean();

    /**
     * @param clock the tag clock, or {@link EntryWriter#NO_CLOCK}
     * @param besideValue whether others are served an old value until the lease ends
     */
    CacheMiss(CallerLookup<V> lookup, CacheKey key, Leases.Held lease, long clock, boolean besideValue) {
        this.lookup = lookup;
        this.key = key;
        this.lease = lease;
        this.clock = clock;
        this.besideValue = besideValue;
    }

    /**
     * Says that the value is read from {@code snapshot}. If the snapshot may have begun before the latest change of the key,
     * this miss stores nothing, and gives the lease up. Returns whether the value may still be stored.
     *
     * <p>The cache must have {@link CacheBuilder#longestSnapshot}. Call this after the look-up, and before a store method.
     */
    public boolean readFrom(Snapshot snapshot) {
        return lookup.joined(readFromAsync(snapshot));
    }

    /** Non-blocking variant of {@link #readFrom}. */
    public CompletableFuture<Boolean> readFromAsync(Snapshot snapshot) {
        requireNonNull(snapshot, "snapshot");
        if (lease.token() == null || settled.get()) {
            return CompletableFuture.completedFuture(false);
        }
        return CallerFuture.of(lookup.isUnchanged(key, snapshot).thenApply(unchanged -> {
            if (!unchanged) {
                close();
            }
            return unchanged;
        }));
    }

    /** Stores {@code value}, with the options that the cache has for it; returns whether it was stored. */
    public boolean store(V value) {
        return lookup.joined(storeAsync(value));
    }

    /** Non-blocking variant of {@link #store}. */
    public CompletableFuture<Boolean> storeAsync(V value) {
        return settle(Optional.of(requireNonNull(value, "value")));
    }

    /**
     * Stores that the key has no value, if the cache {@linkplain CacheBuilder#cacheAbsence keeps} that; returns whether
     * it was stored. Otherwise it removes the old value, if there is one.
     */
    public boolean storeAbsence() {
        return lookup.joined(storeAbsenceAsync());
    }

    /** Non-blocking variant of {@link #storeAbsence}. */
    public CompletableFuture<Boolean> storeAbsenceAsync() {
        return settle(Optional.empty());
    }

    /**
     * Says that the load has failed with {@code cause}, and gives the lease up as {@link #close} does. The load counts in {@link
     * Cache#stats()}, and the listener of the cache is notified.
     */
    public void loadFailed(Throwable cause) {
        requireNonNull(cause, "cause");
        if (settled.compareAndSet(false, true)) {
            lookup.loadFailed(key, lease, besideValue, time(), cause);
        }
    }

    /**
     * Gives the lease up, so that others need not wait for it. Does not block. If there is an old value, which others
     * are served, the next caller may replace it after a second.
     */
    @Override
    public void close() {
        if (settled.compareAndSet(false, true)) {
            lookup.close(lease, besideValue);
        }
    }

    private CompletableFuture<Boolean> settle(Optional<V> value) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(false);
        }
        Loaded<Optional<V>> loaded = new Loaded<>(value, time());
        return CallerFuture.of(lookup.store(key, lease, clock, loaded));
    }

    private Duration time() {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
