package dev.forge.redis.cache;

import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.LeaseKind;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.flight.LoaderRun;
import dev.forge.redis.internal.cache.flight.SingleFlight.Abandoned;
import dev.forge.redis.internal.cache.flight.SingleFlight.Flight;
import dev.forge.redis.internal.thread.Futures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Look-ups of single keys; concurrent callers in this process share one. */
record SingleLookup<V>(CacheParts<V> parts) {

    /** Implements {@link Cache#get}. */
    Optional<V> get(String key, Loader<V> loader) {
        Optional<V> kept = parts.lookup.inMemory(key);
        return kept == null ? shared(parts.key(key), loader) : kept;
    }

    private Optional<V> shared(CacheKey key, Loader<V> loader) {
        boolean again = false;
        while (true) {
            Flight<V> mine = new Flight<>(key.inRedis());
            Flight<V> other = parts.flights.joinOrStart(mine);
            if (other == null) {
                return lead(key, loader, mine);
            }
            parts.counters.joins.increment();
            try {
                Optional<V> value = LoaderRun.awaiting(
                        List.of(other), () -> parts.awaiting.await(parts.leasedLoads.inTime(other, other)));
                if (again || !other.isDoubtful()) {
                    return value;
                }
            } catch (Abandoned e) {
                // That look-up was interrupted or takes too long: try again with a new one.
            }
            again = true;
        }
    }

    private Optional<V> lead(CacheKey key, Loader<V> loader, Flight<V> mine) {
        CompletableFuture<Optional<V>> rest;
        try {
            LookupResult<V> found = parts.lookup.findNowSync(key, LeaseKind.EXCLUSIVE);
            if (parts.options.loadTimeout == null || found instanceof LookupResult.Present<V>) {
                Optional<V> value = resolveHere(key, loader, found, mine);
                parts.flights.complete(mine, value);
                return value;
            }
            rest = ending(mine, resolve(key, loader, found, mine));
        } catch (Throwable failure) {
            if (Thread.currentThread().isInterrupted()) {
                parts.flights.abandon(mine);
            } else {
                parts.flights.fail(mine, failure);
            }
            throw failure;
        }
        // The loader runs on another thread, and may ask for the key that this thread waits for.
        return LoaderRun.awaiting(List.of(mine), () -> parts.awaiting.await(parts.leasedLoads.inTime(mine, rest)));
    }

    private Optional<V> resolveHere(CacheKey key, Loader<V> loader, LookupResult<V> first, Flight<V> mine) {
        LookupResult<V> found =
                first instanceof LookupResult.Busy<V> ? parts.awaiting.await(settled(key, first)) : first;
        Optional<V> there = parts.refreshes.fresh(key, loader, found);
        if (there != null) {
            return there;
        }
        doubtBesideFence(found, mine);
        return found instanceof LookupResult.Stale<V> stale
                ? parts.awaiting.await(parts.refreshes.freshOr(stale.value(), key, loader))
                : parts.leasedLoads.loadHere(key, recorded(mine, loader), found);
    }

    /** Implements {@link Cache#getAsync}. */
    CompletableFuture<Optional<V>> getAsync(String key, Loader<V> loader) {
        Optional<V> kept = parts.lookup.inMemory(key);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept);
        }
        return sharedAsync(parts.key(key), loader, false);
    }

    /**
     * @param again whether this call has joined a look-up before, so that any look-up that it joins now began after it
     */
    private CompletableFuture<Optional<V>> sharedAsync(CacheKey key, Loader<V> loader, boolean again) {
        Flight<V> mine = new Flight<>(key.inRedis());
        Flight<V> other = parts.flights.joinOrStart(mine);
        if (other != null) {
            LoaderRun.rejectSelfWait(LoaderRun.current(), other);
            parts.counters.joins.increment();
            return parts.leasedLoads
                    .inTime(other, other)
                    .thenCompose(value -> again || !other.isDoubtful()
                            ? CompletableFuture.completedFuture(value)
                            : sharedAsync(key, loader, true))
                    .exceptionallyCompose(failure -> Abandoned.is(failure)
                            ? sharedAsync(key, loader, true)
                            : CompletableFuture.failedFuture(failure));
        }
        try {
            return parts.leasedLoads.inTime(
                    mine,
                    ending(
                            mine,
                            parts.lookup
                                    .findNow(key, LeaseKind.EXCLUSIVE)
                                    .thenCompose(found -> resolve(key, loader, found, mine))));
        } catch (Throwable refusal) {
            // For example an invalid key: end the flight, so that no other caller waits for it.
            parts.flights.fail(mine, refusal);
            throw refusal;
        }
    }

    private CompletableFuture<Optional<V>> resolve(
            CacheKey key, Loader<V> loader, LookupResult<V> found, Flight<V> mine) {
        if (found instanceof LookupResult.Busy<V>) {
            mine.miss();
            return settled(key, found).thenCompose(now -> resolve(key, loader, now, mine));
        }
        Optional<V> there = parts.refreshes.fresh(key, loader, found);
        if (there != null) {
            return CompletableFuture.completedFuture(there);
        }
        doubtBesideFence(found, mine);
        if (found instanceof LookupResult.Stale<V> stale) {
            return parts.refreshes.freshOr(stale.value(), key, loader);
        }
        mine.miss();
        return parts.leasedLoads.load(key, recorded(mine, loader), found);
    }

    private CompletableFuture<LookupResult<V>> settled(CacheKey key, LookupResult<V> found) {
        return parts.lookup.settled(
                key, found, parts.options.leaseTime, () -> parts.lookup.findNow(key, LeaseKind.EXCLUSIVE));
    }

    /** Ends {@code mine} with {@code whole}, the look-up from its start to its end. */
    private CompletableFuture<Optional<V>> ending(Flight<V> mine, CompletableFuture<Optional<V>> whole) {
        return whole.whenComplete((value, failure) -> {
            if (failure == null) {
                parts.flights.complete(mine, value);
            } else {
                parts.flights.fail(mine, Futures.unwrapped(failure));
            }
        });
    }

    /** Beside a fence, callers that join {@code mine} must not get what it loads. */
    private static <V> void doubtBesideFence(LookupResult<V> found, Flight<V> mine) {
        if (found instanceof LookupResult.Fenced<V>) {
            mine.doubt();
        }
    }

    /** Returns {@code loader}, wrapped so that its run is recorded in {@code flight}. */
    private static <V> Loader<V> recorded(Flight<V> flight, Loader<V> loader) {
        return wanted -> LoaderRun.running(List.of(flight), () -> loader.load(wanted));
    }
}
