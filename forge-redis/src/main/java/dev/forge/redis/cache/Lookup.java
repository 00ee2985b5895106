package dev.forge.redis.cache;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.PendingInvalidations;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The steps of one look-up: read from Redis, else wait for the load of another process, else run the loader.
 *
 * @param longestWait how long to wait for the load of another process
 * @param loadTimeout how long a caller waits for a load, which then continues without it; or null for as long as it
 *     takes
 */
record Lookup<V>(
        String cache,
        RedisStore<V> store,
        Loads loads,
        EntryWriter<V> writer,
        Leases leases,
        PendingInvalidations pending,
        LeaseWait waiting,
        Counters counters,
        Executor executor,
        Duration longestWait,
        @Nullable Duration loadTimeout,
        Scheduler scheduler) {

    /** Looks {@code redisKey} up; if another process is loading it, waits for that. */
    CompletableFuture<LookupResult<V>> find(String redisKey) {
        return findNow(redisKey).thenCompose(found -> settled(redisKey, found));
    }

    /** Does what {@link #find} does, on the thread of the caller unless it has to wait for others. */
    LookupResult<V> findSync(String redisKey, Awaiting awaiting) {
        if (pending.concerns(redisKey)) {
            return awaiting.await(find(redisKey));
        }
        LookupResult<V> found = store.findSync(redisKey);
        return found instanceof LookupResult.Busy<V> ? awaiting.await(settled(redisKey, found)) : found;
    }

    /** Blocks for a future, with the timeout and the errors of a caller of the cache. */
    interface Awaiting {
        <T> T await(CompletableFuture<T> future);
    }

    /**
     * Does what {@link RedisStore#prefetchAll} does; null if invalidations are pending, so that Redis cannot be
     * trusted.
     */
    CompletableFuture<@Nullable List<@Nullable Object>> prefetchAll(List<String> keys) {
        if (pending.size() == 0) {
            return store.prefetchAll(keys);
        }
        return pending.send()
                .thenCompose(done -> pending.size() == 0
                        ? store.prefetchAll(keys)
                        : CompletableFuture.<@Nullable List<@Nullable Object>>completedFuture(null));
    }

    /** Returns {@code found}; if that is the lease of another process, first waits for its load. */
    CompletableFuture<LookupResult<V>> settled(String redisKey, LookupResult<V> found) {
        return settled(redisKey, found, System.nanoTime(), 0);
    }

    /** Looks {@code redisKey} up, without waiting for the load of another process. */
    CompletableFuture<LookupResult<V>> findNow(String redisKey) {
        if (!pending.concerns(redisKey)) {
            return store.find(redisKey);
        }
        return pending.send()
                .thenCompose(done -> pending.concerns(redisKey)
                        ? CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>())
                        : store.find(redisKey));
    }

    private CompletableFuture<LookupResult<V>> settled(String redisKey, LookupResult<V> found, long since, int times) {
        if (!(found instanceof LookupResult.Busy<V> busy)) {
            return CompletableFuture.completedFuture(found);
        }
        if (System.nanoTime() - since > longestWait.toNanos()) {
            return CompletableFuture.completedFuture(new LookupResult.Missing<>(null));
        }
        if (times == 0) {
            counters.waits.increment();
        }
        return waiting.change(redisKey, busy.leftMillis(), times)
                .thenCompose(changed -> findNow(redisKey))
                .thenCompose(again -> settled(redisKey, again, since, times + 1));
    }

    /** Loads on this thread, and stores the value if there is a lease. */
    Optional<V> loadHere(String redisKey, String key, Loader<V> loader, LookupResult<V> found, Awaiting awaiting) {
        Leases.Held held = leases.keep(redisKey, token(found));
        try {
            long clock = awaiting.await(clock(held));
            Loaded<Optional<V>> loaded = loaded(key, loader, found);
            Optional<V> value = awaiting.await(writer.store(redisKey, key, held.token(), clock, loaded));
            leases.end(held);
            return value;
        } catch (Throwable failure) {
            var unused = leases.giveUp(held);
            throw failure;
        }
    }

    /** Loads on the executor of the cache, and stores the value if there is a lease. */
    CompletableFuture<Optional<V>> load(String redisKey, String key, Loader<V> loader, LookupResult<V> found) {
        Leases.Held held = leases.keep(redisKey, token(found));
        return stored(redisKey, key, held, () -> loaded(key, loader, found)).whenComplete((value, failure) -> {
            if (failure == null) {
                leases.end(held);
            } else {
                var unused = leases.giveUp(held);
            }
        });
    }

    /** Refreshes a value on the executor of the cache; if the load fails, its lease is left to the caller. */
    CompletableFuture<Optional<V>> reload(String redisKey, String key, Loader<V> loader, byte[] token) {
        Leases.Held held = leases.keep(redisKey, token);
        return stored(redisKey, key, held, () -> loads.one(key, loader))
                .whenComplete((value, failure) -> leases.end(held));
    }

    private CompletableFuture<Optional<V>> stored(
            String redisKey, String key, Leases.Held held, Supplier<Loaded<Optional<V>>> load) {
        return clock(held)
                .thenCompose(now -> CompletableFuture.supplyAsync(load, executor)
                        .thenCompose(loaded -> writer.store(redisKey, key, held.token(), now, loaded)));
    }

    /** Returns the tag clock if the loaded value may be stored. */
    private CompletableFuture<Long> clock(Leases.Held held) {
        try {
            return held.token() == null ? CompletableFuture.completedFuture(EntryWriter.NO_CLOCK) : writer.clock();
        } catch (RuntimeException closed) {
            // The manager has closed: the value is loaded and not stored.
            return CompletableFuture.completedFuture(EntryWriter.NO_CLOCK);
        }
    }

    /** Limits the wait for {@code load} to the load timeout of the cache; the load itself continues. */
    CompletableFuture<Optional<V>> inTime(CompletableFuture<Optional<V>> load) {
        if (loadTimeout == null) {
            return load;
        }
        return scheduler.within(loadTimeout, load).exceptionally(failure -> {
            Throwable cause = unwrapped(failure);
            throw cause instanceof TimeoutException
                    ? new CacheLoadException("a load of the cache " + cache + " took longer than its loadTimeout of "
                            + loadTimeout.toMillis() + " ms; it continues in the background")
                    : new CompletionException(cause);
        });
    }

    private Loaded<Optional<V>> loaded(String key, Loader<V> loader, LookupResult<V> found) {
        counters.misses.increment();
        return found instanceof LookupResult.WithoutRedis<V>
                ? loads.oneWithoutRedis(key, loader)
                : loads.one(key, loader);
    }

    static <V> byte @Nullable [] token(LookupResult<V> found) {
        return found instanceof LookupResult.Missing<V> missing ? missing.token() : null;
    }

    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
