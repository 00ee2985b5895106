package dev.forge.redis.cache;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Loads of single values: each runs while its lease is renewed, and its value is stored if the lease still exists. */
record LeasedLoads<V>(
        CacheOptions<V> options,
        Loads loads,
        Leases leases,
        EntryWriter<V> writer,
        Counters counters,
        Scheduler scheduler,
        Lookup.Awaiting awaiting) {

    /** Loads on this thread, and stores the value if there is a lease. */
    Optional<V> loadHere(CacheKey key, Loader<V> loader, LookupResult<V> found) {
        Leases.Held held = leases.keep(key, found.token());
        try {
            long clock = awaiting.await(clock(held));
            Loaded<Optional<V>> loaded = loaded(key, loader, found);
            Optional<V> value = awaiting.await(writer.store(key, held.token(), clock, loaded));
            leases.end(held);
            return value;
        } catch (Throwable failure) {
            var unused = leases.giveUp(held);
            throw failure;
        }
    }

    /** Loads on the executor of the cache, and stores the value if there is a lease. */
    CompletableFuture<Optional<V>> load(CacheKey key, Loader<V> loader, LookupResult<V> found) {
        Leases.Held held = leases.keep(key, found.token());
        return stored(key, held, () -> loaded(key, loader, found)).whenComplete((value, failure) -> {
            if (failure == null) {
                leases.end(held);
            } else {
                var unused = leases.giveUp(held);
            }
        });
    }

    /**
     * Returns a copy of {@code lookUp} for one caller, who waits for a load no longer than the load timeout of the cache.
     *
     * @param flight tells whether the look-up waits for a load
     */
    CompletableFuture<Optional<V>> inTime(Flight<V> flight, CompletableFuture<Optional<V>> lookUp) {
        if (options.loadTimeout == null) {
            return lookUp.copy();
        }
        return scheduler.within(options.loadTimeout, lookUp).exceptionallyCompose(failure -> {
            if (lookUp.isDone()) {
                // Its own failure, which may be a timeout of the loader.
                return lookUp.copy();
            }
            return flight.isMissed()
                    ? CompletableFuture.failedFuture(new CacheLoadException("a load of the cache " + options.name()
                            + " took longer than its loadTimeout of " + options.loadTimeout.toMillis()
                            + " ms; it continues in the background"))
                    : inTime(flight, lookUp);
        });
    }

    /** Refreshes a value on the executor of the cache; if the load fails, its lease is left to the caller. */
    CompletableFuture<Optional<V>> reload(CacheKey key, Loader<V> loader, byte[] token) {
        Leases.Held held = leases.keep(key, token);
        return stored(key, held, () -> loads.one(key.given(), loader))
                .whenComplete((value, failure) -> leases.end(held));
    }

    private CompletableFuture<Optional<V>> stored(CacheKey key, Leases.Held held, Supplier<Loaded<Optional<V>>> load) {
        return clock(held)
                .thenCompose(now -> CompletableFuture.supplyAsync(load, options.executor)
                        .thenCompose(loaded -> writer.store(key, held.token(), now, loaded)));
    }

    /** Returns the tag clock if the loaded value may be stored. */
    CompletableFuture<Long> clock(Leases.Held held) {
        return held.token() == null ? CompletableFuture.completedFuture(EntryWriter.NO_CLOCK) : writer.clock();
    }

    private Loaded<Optional<V>> loaded(CacheKey key, Loader<V> loader, LookupResult<V> found) {
        counters.misses.increment();
        return found.isUnshared() ? loads.oneUnshared(key.given(), loader) : loads.one(key.given(), loader);
    }
}
