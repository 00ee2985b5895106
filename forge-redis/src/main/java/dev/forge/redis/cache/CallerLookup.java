package dev.forge.redis.cache;

import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.LeaseKind;
import dev.forge.redis.internal.cache.Leases;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.internal.thread.Futures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups whose caller loads a missing value itself: {@link Cache#lookup} and {@link Cache#peek}.
 *
 * <p>They wait for no load. A value that is stale, or due for an early refresh, is a miss for the one caller that gets
 * the lease to replace it, and a hit for all others.
 */
record CallerLookup<V>(CacheParts<V> parts) {

    /** Implements {@link Cache#lookup(String, LookupOptions)}. */
    CacheLookup<V> lookup(String given, LookupOptions options) {
        Optional<V> kept = parts.lookup.inMemory(given);
        if (kept != null) {
            return found(kept);
        }
        CacheKey key = parts.key(given);
        LookupResult<V> found = parts.lookup.findNowSync(key, options.kind());
        return found instanceof LookupResult.Present<V> present && !parts.refreshes.isDue(present)
                ? hit(present)
                : joined(handedOver(settled(key, found, options), Runnable::run));
    }

    /** Implements {@link Cache#lookupAsync(String, LookupOptions)}. */
    CompletableFuture<CacheLookup<V>> lookupAsync(String given, LookupOptions options) {
        Optional<V> kept = parts.lookup.inMemory(given);
        if (kept != null) {
            return CompletableFuture.completedFuture(found(kept));
        }
        CacheKey key = parts.key(given);
        return whereItMayLoad(
                parts.lookup.findNow(key, options.kind()).thenCompose(found -> settled(key, found, options)));
    }

    /** Waits for the load of another caller, if {@code options} say so. */
    private CompletableFuture<CacheLookup<V>> settled(CacheKey key, LookupResult<V> found, LookupOptions options) {
        return options.longestWait().isZero()
                ? resolved(key, found, options.kind())
                : parts.lookup
                        .settled(key, found, options.longestWait(), () -> parts.lookup.findNow(key, options.kind()))
                        .thenCompose(now -> resolved(key, now, options.kind()));
    }

    /** Completes a miss on the executor of the cache: the caller loads next, and a load would hold up the thread that reads. */
    private CompletableFuture<CacheLookup<V>> whereItMayLoad(CompletableFuture<CacheLookup<V>> lookup) {
        return handedOver(lookup, parts.options.executor);
    }

    /** Completes a miss on {@code executor}; if the caller has ended the future by then, gives the lease up. */
    private static <V> CompletableFuture<CacheLookup<V>> handedOver(
            CompletableFuture<CacheLookup<V>> lookup, Executor executor) {
        // Not by thenCompose: it completes on the thread that reads if the executor is faster.
        CompletableFuture<CacheLookup<V>> result = new CallerFuture<>();
        lookup.whenComplete((found, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (found instanceof CacheMiss<V> miss) {
                try {
                    executor.execute(() -> {
                        if (!result.complete(miss)) {
                            miss.close();
                        }
                    });
                } catch (Throwable refusal) {
                    miss.close();
                    result.completeExceptionally(refusal);
                }
            } else {
                result.complete(found);
            }
        });
        return result;
    }

    private CompletableFuture<CacheLookup<V>> resolved(CacheKey key, LookupResult<V> found, LeaseKind kind) {
        if (found instanceof LookupResult.Stale<V> stale) {
            return replacing(key, stale.value(), 0, kind);
        }
        if (found instanceof LookupResult.Present<V> present) {
            if (!parts.refreshes.isDue(present)) {
                return CompletableFuture.completedFuture(hit(present));
            }
            parts.counters.earlyRefreshes.increment();
            return replacing(key, present.value(), present.freshMillis(), kind);
        }
        return miss(key, found.token(), false);
    }

    /** Takes the lease beside {@code old}, which is fresh for {@code freshMillis}, or returns {@code old}. */
    private CompletableFuture<CacheLookup<V>> replacing(
            CacheKey key, Optional<V> old, long freshMillis, LeaseKind kind) {
        long leftMillis = parts.options.staleFor.toMillis() + freshMillis;
        return parts.store.takeToRefresh(key, leftMillis, kind).thenCompose(found -> {
            byte[] token = found.token();
            if (token != null) {
                return miss(key, token, true);
            }
            if (found instanceof LookupResult.Present<V> fresh) {
                return CompletableFuture.completedFuture(hit(fresh));
            }
            if (freshMillis > 0) {
                parts.counters.hits.increment();
            } else {
                parts.refreshes.served(old, key);
            }
            return CompletableFuture.completedFuture(found(old));
        });
    }

    private CacheLookup<V> hit(LookupResult.Present<V> present) {
        parts.counters.hits.increment();
        return found(present.value());
    }

    private static <V> CacheLookup<V> found(Optional<V> value) {
        return value.isPresent() ? new CacheLookup.Hit<>(value.get()) : new CacheLookup.Absent<>();
    }

    /** @param besideValue whether the lease is beside a value that others are served meanwhile */
    private CompletableFuture<CacheLookup<V>> miss(CacheKey key, byte @Nullable [] token, boolean besideValue) {
        parts.counters.misses.increment();
        Leases.Held lease = parts.leases.keep(key, token);
        return parts.leasedLoads.clock(lease).thenApply(clock -> new CacheMiss<>(this, key, lease, clock, besideValue));
    }

    /** Implements {@link Cache#getIfPresentAsync}. */
    CompletableFuture<Optional<V>> getIfPresent(String given) {
        Optional<V> kept = parts.lookup.inMemory(given);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept);
        }
        return peek(parts.key(given)).thenApply(found -> {
            if (found instanceof LookupResult.Present<V> present) {
                parts.counters.hits.increment();
                return present.value();
            }
            parts.counters.misses.increment();
            return Optional.empty();
        });
    }

    /** Implements {@link Cache#peekAsync}. */
    CompletableFuture<CacheLookup<V>> peekAsync(String given) {
        return whereItMayLoad(peek(given));
    }

    /** Implements {@link Cache#peek}. */
    CompletableFuture<CacheLookup<V>> peek(String given) {
        Optional<V> kept = parts.lookup.inMemory(given);
        if (kept != null) {
            return CompletableFuture.completedFuture(found(kept));
        }
        CacheKey key = parts.key(given);
        return peek(key)
                .thenCompose(found -> found instanceof LookupResult.Present<V> present
                        ? CompletableFuture.completedFuture(hit(present))
                        : miss(key, null, false));
    }

    /** Returns the entry of {@code key} without taking a lease. */
    private CompletableFuture<LookupResult<V>> peek(CacheKey key) {
        return parts.pending.concerns(key.inRedis())
                ? CompletableFuture.completedFuture(new LookupResult.WithoutRedis<>())
                : parts.store.peek(key);
    }

    /** Returns whether {@code key} has not changed since {@code snapshot} began; false if Redis is unavailable. */
    CompletableFuture<Boolean> isUnchanged(CacheKey key, Snapshot snapshot) {
        return parts.marks.isUnchanged(key, snapshot::age).exceptionally(failure -> {
            if (RedisFailure.in(failure).isPresent()) {
                return false;
            }
            throw new CompletionException(Futures.unwrapped(failure));
        });
    }

    /** Stores what the caller has loaded after a miss; returns whether it was stored. */
    CompletableFuture<Boolean> store(CacheKey key, Leases.Held lease, long clock, Loaded<Optional<V>> loaded) {
        count(loaded.time());
        parts.options.listener.loaded(key.given(), loaded.time());
        byte[] token = lease.token();
        if (token == null) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return parts.writer.settle(key, token, clock, loaded).whenComplete((stored, failure) -> {
                if (parts.near != null) {
                    // It may have kept the value that was due for an early refresh.
                    parts.near.forget(key);
                }
                parts.leases.end(lease);
            });
        } catch (Throwable failure) {
            var unused = parts.leases.giveUp(lease);
            throw failure;
        }
    }

    /** Counts the load of a miss that failed, and ends its lease as {@link #close} does. */
    void loadFailed(CacheKey key, Leases.Held lease, boolean besideValue, Duration time, Throwable cause) {
        close(lease, besideValue);
        count(time);
        parts.counters.loadFailures.increment();
        parts.options.listener.loadFailed(key.given(), cause);
    }

    private void count(Duration loadTime) {
        parts.counters.loads.increment();
        parts.counters.loadNanos.add(loadTime.toNanos());
    }

    /**
     * Ends the lease of a miss whose caller has no value.
     *
     * @param besideValue if so, only after a pause: until then all callers are served that value
     */
    void close(Leases.Held lease, boolean besideValue) {
        var unused = besideValue ? parts.leases.giveUpLater(lease, Refreshes.PAUSE) : parts.leases.giveUp(lease);
    }

    <T> T joined(CompletableFuture<T> future) {
        return parts.awaiting.await(future);
    }
}
