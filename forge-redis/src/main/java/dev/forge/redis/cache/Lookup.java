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
 * The way of one look-up: what Redis has, or what another process is loading, or else what the loader returns.
 *
 * @param longestWait how long the load of another process is waited for
 * @param loadTimeout how long a caller waits for a load, which then goes on without it; or null for as long as it takes
 */
record Lookup<V>(
        String cache,
        RedisStore<V> slot,
        Loads loads,
        EntryWriter<V> stores,
        Leases leases,
        PendingInvalidations pending,
        LeaseWait waiting,
        Counters counters,
        Executor executor,
        Duration longestWait,
        @Nullable Duration loadTimeout,
        Scheduler scheduler) {

    /** Looks {@code redisKey} up, and waits for whoever is loading it. */
    CompletableFuture<LookupResult<V>> find(String redisKey) {
        return findNow(redisKey).thenCompose(found -> settled(redisKey, found));
    }

    /** Does what {@link #find} does, on the thread of the caller where that need not wait for others. */
    LookupResult<V> findSync(String redisKey, Awaiting awaiting) {
        if (pending.concerns(redisKey)) {
            return awaiting.await(find(redisKey));
        }
        LookupResult<V> found = slot.findSync(redisKey);
        return found instanceof LookupResult.Busy<V> ? awaiting.await(settled(redisKey, found)) : found;
    }

    /** Waits for a future as a caller of the cache does. */
    interface Awaiting {
        <T> T await(CompletableFuture<T> future);
    }

    /** Reads what stands at each of {@code keys}, as {@link RedisStore#arriveAll} does; null where Redis must not be believed. */
    CompletableFuture<@Nullable List<@Nullable Object>> arriveAll(List<String> keys) {
        if (pending.size() == 0) {
            return slot.arriveAll(keys);
        }
        return pending.send()
                .thenCompose(done -> pending.size() == 0
                        ? slot.arriveAll(keys)
                        : CompletableFuture.<@Nullable List<@Nullable Object>>completedFuture(null));
    }

    /** Returns {@code found}, unless that is the lease of another process, which is waited for. */
    CompletableFuture<LookupResult<V>> settled(String redisKey, LookupResult<V> found) {
        return settled(redisKey, found, System.nanoTime(), 0);
    }

    /** Looks {@code redisKey} up, and waits for nobody. */
    CompletableFuture<LookupResult<V>> findNow(String redisKey) {
        if (!pending.concerns(redisKey)) {
            return slot.find(redisKey);
        }
        return pending.send()
                .thenCompose(done -> pending.concerns(redisKey)
                        ? CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>())
                        : slot.find(redisKey));
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

    /** Loads on this thread, and stores what was loaded if that may be. */
    Optional<V> loadHere(String redisKey, String key, Loader<V> loader, LookupResult<V> found, Awaiting awaiting) {
        Leases.Held held = leases.keep(redisKey, token(found));
        try {
            long clock = awaiting.await(clock(held));
            Loaded<Optional<V>> loaded = loaded(key, loader, found);
            Optional<V> value = awaiting.await(stores.store(redisKey, key, held.token(), clock, loaded));
            leases.end(held);
            return value;
        } catch (Throwable failure) {
            var unused = leases.giveUp(held);
            throw failure;
        }
    }

    /** Loads on the executor of the cache, and stores what was loaded if that may be. */
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

    /** Loads on the executor of the cache what is still there to be served; a lease whose load fails is left to the caller. */
    CompletableFuture<Optional<V>> reload(String redisKey, String key, Loader<V> loader, byte[] token) {
        Leases.Held held = leases.keep(redisKey, token);
        return stored(redisKey, key, held, () -> loads.one(key, loader))
                .whenComplete((value, failure) -> leases.end(held));
    }

    private CompletableFuture<Optional<V>> stored(
            String redisKey, String key, Leases.Held held, Supplier<Loaded<Optional<V>>> load) {
        return clock(held)
                .thenCompose(now -> CompletableFuture.supplyAsync(load, executor)
                        .thenCompose(loaded -> stores.store(redisKey, key, held.token(), now, loaded)));
    }

    /** Returns the clock of the tags, where what is loaded may be stored. */
    private CompletableFuture<Long> clock(Leases.Held held) {
        try {
            return held.token() == null ? CompletableFuture.completedFuture(EntryWriter.NO_CLOCK) : stores.clock();
        } catch (RuntimeException closed) {
            // The manager has closed: the value is loaded all the same.
            return CompletableFuture.completedFuture(EntryWriter.NO_CLOCK);
        }
    }

    /** Waits for {@code load} no longer than the cache allows; the load itself goes on. */
    CompletableFuture<Optional<V>> inTime(CompletableFuture<Optional<V>> load) {
        if (loadTimeout == null) {
            return load;
        }
        return scheduler.within(loadTimeout, load).exceptionally(failure -> {
            Throwable cause = unwrapped(failure);
            throw cause instanceof TimeoutException
                    ? new CacheLoadException("a load of the cache " + cache + " took longer than its loadTimeout of "
                            + loadTimeout.toMillis() + " ms, and goes on")
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
