package dev.forge.redis.cache;

import dev.forge.redis.Scheduler;
import dev.forge.redis.cache.Loads.Loaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
        Slot<V> slot,
        Loads loads,
        Stores<V> stores,
        Leases leases,
        Unsent unsent,
        Waiting waiting,
        Counters counters,
        Executor executor,
        Duration longestWait,
        @Nullable Duration loadTimeout,
        Scheduler scheduler) {

    /** Looks {@code redisKey} up, and waits for whoever is loading it. */
    CompletableFuture<Found<V>> find(String redisKey) {
        return findNow(redisKey).thenCompose(found -> settled(redisKey, found));
    }

    /** Does what {@link #find} does, on the thread of the caller where that need not wait for others. */
    Found<V> findSync(String redisKey, Awaiting awaiting) {
        if (unsent.concerns(redisKey)) {
            return awaiting.await(find(redisKey));
        }
        Found<V> found = slot.findSync(redisKey);
        return found instanceof Found.Busy<V> ? awaiting.await(settled(redisKey, found)) : found;
    }

    /** Waits for a future as a caller of the cache does. */
    interface Awaiting {
        <T> T await(CompletableFuture<T> future);
    }

    /** Reads what stands at each of {@code keys}, as {@link Slot#arriveAll} does; null where Redis must not be believed. */
    CompletableFuture<@Nullable List<@Nullable Object>> arriveAll(List<String> keys) {
        if (unsent.size() == 0) {
            return slot.arriveAll(keys);
        }
        return unsent.send()
                .thenCompose(done -> unsent.size() == 0
                        ? slot.arriveAll(keys)
                        : CompletableFuture.<@Nullable List<@Nullable Object>>completedFuture(null));
    }

    /** Returns {@code found}, unless that is the lease of another process, which is waited for. */
    CompletableFuture<Found<V>> settled(String redisKey, Found<V> found) {
        return settled(redisKey, found, System.nanoTime(), 0);
    }

    /** Looks {@code redisKey} up, and waits for nobody. */
    CompletableFuture<Found<V>> findNow(String redisKey) {
        if (!unsent.concerns(redisKey)) {
            return slot.find(redisKey);
        }
        return unsent.send()
                .thenCompose(done -> unsent.concerns(redisKey)
                        ? CompletableFuture.completedFuture(new Found.WithoutRedis<>())
                        : slot.find(redisKey));
    }

    private CompletableFuture<Found<V>> settled(String redisKey, Found<V> found, long since, int times) {
        if (!(found instanceof Found.Busy<V> busy)) {
            return CompletableFuture.completedFuture(found);
        }
        if (System.nanoTime() - since > longestWait.toNanos()) {
            return CompletableFuture.completedFuture(new Found.Missing<>(null));
        }
        if (times == 0) {
            counters.waits.increment();
        }
        return waiting.change(redisKey, busy.leftMillis(), times)
                .thenCompose(changed -> findNow(redisKey))
                .thenCompose(again -> settled(redisKey, again, since, times + 1));
    }

    /** Loads on this thread, and stores what was loaded if that may be. */
    Optional<V> loadHere(String redisKey, String key, Loader<V> loader, Found<V> found, Awaiting awaiting) {
        byte[] token = token(found);
        long clock = token == null ? Stores.NO_CLOCK : awaiting.await(stores.clock());
        return awaiting.await(stores.store(redisKey, key, token, clock, loaded(redisKey, key, loader, found)));
    }

    /** Loads on the executor of the cache, and stores what was loaded if that may be. */
    CompletableFuture<Optional<V>> load(String redisKey, String key, Loader<V> loader, Found<V> found) {
        byte[] token = token(found);
        CompletableFuture<Long> clock =
                token == null ? CompletableFuture.completedFuture(Stores.NO_CLOCK) : stores.clock();
        return clock.thenCompose(now -> started(redisKey, token, () -> loaded(redisKey, key, loader, found))
                .thenCompose(loaded -> stores.store(redisKey, key, token, now, loaded)));
    }

    /** Starts {@code load} on the executor; if that has no room, nobody waits for the lease. */
    private <T> CompletableFuture<T> started(String redisKey, byte @Nullable [] token, Supplier<T> load) {
        try {
            return CompletableFuture.supplyAsync(load, executor);
        } catch (RejectedExecutionException e) {
            if (token != null) {
                slot.giveUp(redisKey, token);
            }
            return CompletableFuture.failedFuture(e);
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

    /** Loads on the executor of the cache what is still there to be served; a lease whose load fails is left to the caller. */
    CompletableFuture<Optional<V>> reload(String redisKey, String key, Loader<V> loader, byte[] token) {
        return stores.clock()
                .thenCompose(now -> CompletableFuture.supplyAsync(() -> leased(redisKey, key, loader, token), executor)
                        .thenCompose(loaded -> stores.store(redisKey, key, token, now, loaded)));
    }

    private Loaded<Optional<V>> loaded(String redisKey, String key, Loader<V> loader, Found<V> found) {
        counters.misses.increment();
        if (found instanceof Found.WithoutRedis<V>) {
            return loads.oneWithoutRedis(key, loader);
        }
        byte[] token = token(found);
        if (token == null) {
            return loads.one(key, loader);
        }
        try {
            return leased(redisKey, key, loader, token);
        } catch (Throwable failure) {
            var unused = slot.giveUp(redisKey, token);
            throw failure;
        }
    }

    /** Loads what is missing of {@code bulk} on this thread; the leases of a load that fails are given up. */
    Loaded<Map<String, V>> loadAll(Bulk<V> bulk, Set<String> missing, BulkLoader<V> loader) {
        if (bulk.isWithoutRedis()) {
            return loads.allWithoutRedis(missing, loader);
        }
        List<Leases.Held> held = new ArrayList<>();
        bulk.forEachLease((key, redisKey, token) -> held.add(leases.keep(redisKey, token)));
        try {
            return loads.all(missing, loader);
        } catch (Throwable failure) {
            bulk.forEachLease((key, redisKey, token) -> {
                var unused = slot.giveUp(redisKey, token);
            });
            throw failure;
        } finally {
            held.forEach(leases::end);
        }
    }

    private Loaded<Optional<V>> leased(String redisKey, String key, Loader<V> loader, byte[] token) {
        Leases.Held held = leases.keep(redisKey, token);
        try {
            return loads.one(key, loader);
        } finally {
            leases.end(held);
        }
    }

    private static <V> byte @Nullable [] token(Found<V> found) {
        return found instanceof Found.Missing<V> missing ? missing.token() : null;
    }

    static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
