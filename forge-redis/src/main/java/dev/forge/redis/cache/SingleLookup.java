package dev.forge.redis.cache;

import dev.forge.redis.cache.SingleFlight.Abandoned;
import dev.forge.redis.cache.SingleFlight.Flight;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.Near;
import dev.forge.redis.key.Keyspace;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Look-ups of single keys; concurrent callers in this process share one. */
final class SingleLookup<V> {

    private final Keyspace keyspace;
    private final CacheParts<V> parts;
    private final Counters counters;
    private final Lookup<V> lookup;
    private final @Nullable Near<V> near;
    private final SingleFlight<V> flights;
    private final Lookup.Awaiting awaiting;

    SingleLookup(Keyspace keyspace, CacheParts<V> parts, SingleFlight<V> flights, Lookup.Awaiting awaiting) {
        this.keyspace = keyspace;
        this.parts = parts;
        this.counters = parts.counters();
        this.lookup = parts.lookup();
        this.near = parts.near();
        this.flights = flights;
        this.awaiting = awaiting;
    }

    /** Returns what the near cache has for {@code key}, or null. Allocates nothing. */
    @Nullable
    Optional<V> near(String key) {
        Optional<V> kept = near == null ? null : near.get(key);
        if (kept != null) {
            counters.nearHits.increment();
        }
        return kept;
    }

    /** Implements {@link Cache#get}. */
    Optional<V> get(String key, Loader<V> loader) {
        Optional<V> kept = near(key);
        return kept == null ? shared(key, loader) : kept;
    }

    private Optional<V> shared(String key, Loader<V> loader) {
        String redisKey = keyspace.key(key);
        while (true) {
            Flight<V> mine = new Flight<>(redisKey);
            Flight<V> other = flights.joinOrStart(redisKey, mine);
            if (other == null) {
                return lead(redisKey, key, loader, mine);
            }
            counters.joins.increment();
            try {
                // A copy, so that interrupting one caller does not cancel the others.
                return LoaderRun.awaiting(List.of(other), () -> awaiting.await(other.copy()));
            } catch (Abandoned e) {
                // That look-up was interrupted or takes too long: try again with a new one.
            }
        }
    }

    private Optional<V> lead(String redisKey, String key, Loader<V> loader, Flight<V> mine) {
        try {
            Optional<V> value = lookUp(redisKey, key, loader, mine);
            flights.complete(mine, value);
            return value;
        } catch (Throwable failure) {
            if (Thread.currentThread().isInterrupted()) {
                flights.abandon(mine);
            } else {
                flights.fail(mine, failure);
            }
            throw failure;
        }
    }

    private Optional<V> lookUp(String redisKey, String key, Loader<V> loader, Flight<V> mine) {
        LookupResult<V> found = lookup.findSync(redisKey, awaiting);
        Optional<V> there = served(redisKey, key, loader, found);
        if (there != null) {
            return there;
        }
        if (found instanceof LookupResult.Stale<V> stale) {
            return awaiting.await(parts.refreshes().freshOr(stale.value(), redisKey, key, loader));
        }
        if (!parts.loadsOnCaller()) {
            // The loader runs on another thread, and may ask for the key that this thread is loading.
            return LoaderRun.awaiting(
                    List.of(mine),
                    () -> awaiting.await(lookup.inTime(lookup.load(redisKey, key, mine.guarding(loader), found))));
        }
        return lookup.loadHere(redisKey, key, mine.guarding(loader), found, awaiting);
    }

    /** Implements {@link Cache#getAsync}. */
    CompletableFuture<Optional<V>> getAsync(String key, Loader<V> loader) {
        Optional<V> kept = near(key);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept);
        }
        String redisKey = keyspace.key(key);
        Flight<V> mine = new Flight<>(redisKey);
        Flight<V> other = flights.joinOrStart(redisKey, mine);
        if (other != null) {
            LoaderRun.rejectSelfWait(LoaderRun.current(), other);
            counters.joins.increment();
            return other.exceptionallyCompose(
                    failure -> Abandoned.is(failure) ? getAsync(key, loader) : CompletableFuture.failedFuture(failure));
        }
        try {
            return lookup.find(redisKey)
                    .thenCompose(found -> resolve(redisKey, key, loader, found, mine))
                    .whenComplete((value, failure) -> {
                        if (failure == null) {
                            flights.complete(mine, value);
                        } else {
                            flights.fail(mine, Lookup.unwrapped(failure));
                        }
                    })
                    // A copy, so that a caller that cancels it does not cancel the others.
                    .copy();
        } catch (Throwable refusal) {
            // For example an invalid key: end the flight, so that no other caller waits for it.
            flights.fail(mine, refusal);
            throw refusal;
        }
    }

    private CompletableFuture<Optional<V>> resolve(
            String redisKey, String key, Loader<V> loader, LookupResult<V> found, Flight<V> mine) {
        Optional<V> there = served(redisKey, key, loader, found);
        if (there != null) {
            return CompletableFuture.completedFuture(there);
        }
        return found instanceof LookupResult.Stale<V> stale
                ? parts.refreshes().freshOr(stale.value(), redisKey, key, loader)
                : lookup.inTime(lookup.load(redisKey, key, mine.guarding(loader), found));
    }

    /** Returns the value if it is present and fresh, or null; may begin an early refresh. */
    @Nullable
    Optional<V> served(String redisKey, String key, Loader<V> loader, LookupResult<V> found) {
        if (found instanceof LookupResult.Present<V> present) {
            counters.hits.increment();
            parts.refreshes().maybeEarly(redisKey, key, loader, present);
            return present.value();
        }
        return found instanceof LookupResult.Near<V> near ? near.value() : null;
    }
}
