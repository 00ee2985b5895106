package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.Leases;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A key without a value, and the right to store the one that its caller loads.
 *
 * <p>It holds the lease on the key, unless another caller has it or Redis is unavailable. A value is stored only if the lease is still
 * there: a value that was loaded before an {@linkplain Cache#invalidate invalidation} is never stored after it. While the lease is
 * held, other processes wait for the value, as they do for the loader of {@link Cache#get}. So store the value, or {@link
 * #close} this, as soon as there is one; after the {@link CacheBuilder#leaseTime} the lease ends by itself.
 *
 * <p>When Redis is unavailable, nothing is stored, and nothing here fails for that reason. Settled once: by the first call of a
 * store method or of {@code close}. Thread-safe.
 *
 * @param <V> the type of the values
 */
public final class CacheMiss<V> implements CacheLookup<V>, AutoCloseable {

    private final String key;
    private final CallerLookup<V> lookup;
    private final Leases.Held held;
    private final long clock;
    private final long since = System.nanoTime();
    private final AtomicBoolean settled = new AtomicBoolean();

    CacheMiss(String key, CallerLookup<V> lookup, Leases.Held held, long clock) {
        this.key = key;
        this.lookup = lookup;
        this.held = held;
        this.clock = clock;
    }

    /** Returns whether a value would be stored if nothing invalidates the key. */
    public boolean mayStore() {
        return held.token() != null && !settled.get();
    }

    /** Stores {@code value} with the options that the cache has for it; returns whether it was stored. */
    public boolean store(V value) {
        return lookup.joined(storeAsync(value));
    }

    /** Does what {@link #store(Object)} does, with {@code options} instead of {@link CacheBuilder#options}. */
    public boolean store(V value, EntryOptions options) {
        return lookup.joined(storeAsync(value, options));
    }

    /** Does what {@link #store(Object)} does without blocking. */
    public CompletableFuture<Boolean> storeAsync(V value) {
        return settle(Optional.of(requireNonNull(value, "value")), null);
    }

    /** Does what {@link #store(Object, EntryOptions)} does without blocking. */
    public CompletableFuture<Boolean> storeAsync(V value, EntryOptions options) {
        return settle(Optional.of(requireNonNull(value, "value")), requireNonNull(options, "options"));
    }

    /** Stores that the key has no value, if the cache {@linkplain CacheBuilder#cacheAbsence does that}. */
    public boolean storeAbsence() {
        return lookup.joined(storeAbsenceAsync());
    }

    /** Does what {@link #storeAbsence} does without blocking. */
    public CompletableFuture<Boolean> storeAbsenceAsync() {
        return settle(Optional.empty(), null);
    }

    /** Gives the lease up, so that others need not wait for it. Does not block. */
    @Override
    public void close() {
        if (settled.compareAndSet(false, true)) {
            lookup.giveUp(held);
        }
    }

    private CompletableFuture<Boolean> settle(Optional<V> value, @Nullable EntryOptions options) {
        if (!settled.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(false);
        }
        return lookup.store(key, held, clock, new Loaded<>(value, Duration.ofNanos(System.nanoTime() - since)), options);
    }
}
