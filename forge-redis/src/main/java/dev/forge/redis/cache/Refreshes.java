package dev.forge.redis.cache;

import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Refreshes stale values, and values that soon will be, in the background while the old value is served.
 *
 * <p>Early refreshes begin at random, with a probability that grows with the load time and towards the end of the TTL
 * (XFetch, from A. Vattani, F. Chierichetti and K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB
 * 2015).
 *
 * <p>Only one process refreshes a key: it holds the lease, and the old value stays beside it. After a failure no
 * process tries again for a second.
 */
final class Refreshes<V> {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RedisStore<V> store;
    private final Lookup<V> lookup;
    private final Counters counters;
    private final CacheListener listener;
    private final Duration staleFor;
    private final Duration softTimeout;
    private final double eagerness;
    private final Scheduler scheduler;
    private final ConcurrentMap<String, CompletableFuture<Optional<V>>> underWay = new ConcurrentHashMap<>();

    /**
     * @param softTimeout how long callers wait for a fresh value before they get the stale one
     * @param eagerness how early values are refreshed: the beta of XFetch, or 0 for never before they are stale
     */
    Refreshes(
            RedisStore<V> store,
            Lookup<V> lookup,
            Counters counters,
            CacheListener listener,
            Duration staleFor,
            Duration softTimeout,
            double eagerness,
            Scheduler scheduler) {
        this.store = store;
        this.lookup = lookup;
        this.counters = counters;
        this.listener = listener;
        this.staleFor = staleFor;
        this.softTimeout = softTimeout;
        this.eagerness = eagerness;
        this.scheduler = scheduler;
    }

    /** Begins a refresh of {@code present} if the random choice says so; the caller does not wait. */
    void maybeEarly(String redisKey, String key, Loader<V> loader, LookupResult.Present<V> present) {
        boolean ends = present.freshMillis() != Long.MAX_VALUE;
        if (eagerness > 0
                && present.loadMillis() > 0
                && ends
                && present.leadMillis(eagerness) >= present.freshMillis()) {
            counters.earlyRefreshes.increment();
            refresh(redisKey, key, loader, staleFor.toMillis() + present.freshMillis());
        }
    }

    /** Returns the fresh value if it is loaded within the soft timeout, or else the stale one. */
    CompletableFuture<Optional<V>> freshOr(Optional<V> stale, String redisKey, String key, Loader<V> loader) {
        CompletableFuture<Optional<V>> fresh = refresh(redisKey, key, loader, staleFor.toMillis());
        if (softTimeout.isZero()) {
            return CompletableFuture.completedFuture(served(stale, key));
        }
        return scheduler.within(softTimeout, fresh).exceptionally(failure -> served(stale, key));
    }

    /** Returns the stale value, and begins to load a fresh one. */
    Optional<V> staleNow(Optional<V> stale, String redisKey, String key, Loader<V> loader) {
        refresh(redisKey, key, loader, staleFor.toMillis());
        return served(stale, key);
    }

    private Optional<V> served(Optional<V> stale, String key) {
        counters.stale.increment();
        listener.servedStale(key);
        return stale;
    }

    private CompletableFuture<Optional<V>> refresh(String redisKey, String key, Loader<V> loader, long leftMillis) {
        CompletableFuture<Optional<V>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<V>> other = underWay.putIfAbsent(redisKey, mine);
        if (other != null) {
            return other;
        }
        takeLease(redisKey, leftMillis)
                .thenCompose(found -> refreshed(redisKey, key, loader, found))
                .whenComplete((value, failure) -> {
                    if (failure == null) {
                        underWay.remove(redisKey, mine);
                        mine.complete(value);
                    } else {
                        // The failed refresh stays for a while, so that not every caller tries again.
                        scheduler.pause(PAUSE.toMillis()).thenRun(() -> underWay.remove(redisKey, mine));
                        mine.completeExceptionally(failure);
                    }
                });
        return mine;
    }

    private CompletableFuture<LookupResult<V>> takeLease(String redisKey, long leftMillis) {
        try {
            return store.takeToRefresh(redisKey, leftMillis);
        } catch (RuntimeException e) {
            // For example because the manager has just been closed: the old value can still be served.
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Optional<V>> refreshed(
            String redisKey, String key, Loader<V> loader, LookupResult<V> found) {
        if (found instanceof LookupResult.Missing<V> missing && missing.token() != null) {
            byte[] token = missing.token();
            return lookup.reload(redisKey, key, loader, token)
                    .exceptionallyCompose(failure -> store.extend(redisKey, token, PAUSE)
                            .thenCompose(done -> CompletableFuture.failedFuture(failure)));
        }
        if (found instanceof LookupResult.Busy<V> && softTimeout.isZero()) {
            return CompletableFuture.failedFuture(new IllegalStateException("another process is loading it"));
        }
        return lookup.settled(redisKey, found)
                .thenCompose(settled -> settled instanceof LookupResult.Present<V> present
                        ? CompletableFuture.completedFuture(present.value())
                        : lookup.load(redisKey, key, loader, settled));
    }
}
