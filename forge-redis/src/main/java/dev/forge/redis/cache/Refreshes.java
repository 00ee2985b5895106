package dev.forge.redis.cache;

import dev.forge.redis.internal.cache.CacheKey;
import dev.forge.redis.internal.cache.Counters;
import dev.forge.redis.internal.cache.LeaseKind;
import dev.forge.redis.internal.cache.LeaseStore;
import dev.forge.redis.internal.cache.LookupResult;
import dev.forge.redis.internal.cache.RedisStore;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refreshes stale values, and values that soon will be stale, in the background while the old value is served.
 *
 * <p>Early refreshes begin at random, with a probability that grows with the load time and towards the end of the TTL
 * (XFetch, from A. Vattani, F. Chierichetti and K. Lowenstein, "Optimal Probabilistic Cache Stampede Prevention", VLDB
 * 2015).
 *
 * <p>Only one process refreshes a key: it holds the lease, and the old value stays beside it. After a failure no process tries
 * again for a second. No further refresh begins while many loaders seem to hang: no caller waits for a refresh, so nothing else
 * would limit how many threads they hold.
 */
final class Refreshes<V> {

    /** How long no process tries again after a failure. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** The most keys that one run of a loader refreshes: their leases are all taken before it, and renewed meanwhile. */
    private static final int MOST_KEYS = 1_000;

    /**
     * How many refreshes may outlast their leases: with more, the source seems to hang, and each of them may hold a thread. A
     * refresh of many keys by one run of a loader counts once.
     */
    private static final int MOST_OVERDUE = 64;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final CacheOptions<V> options;
    private final RedisStore<V> store;
    private final LeaseStore leases;
    private final Lookup<V> lookup;
    private final LeasedLoads<V> loads;
    private final Counters counters;
    private final Scheduler scheduler;
    private final ConcurrentMap<String, CompletableFuture<Optional<V>>> underWay = new ConcurrentHashMap<>();
    private final AtomicInteger overdue = new AtomicInteger();

    Refreshes(
            CacheOptions<V> options,
            RedisStore<V> store,
            LeaseStore leases,
            Lookup<V> lookup,
            LeasedLoads<V> loads,
            Counters counters,
            Scheduler scheduler) {
        this.options = options;
        this.store = store;
        this.leases = leases;
        this.lookup = lookup;
        this.loads = loads;
        this.counters = counters;
        this.scheduler = scheduler;
    }

    /** Returns the value if it is present and fresh, or null; may begin an early refresh. */
    @Nullable
    Optional<V> fresh(CacheKey key, Loader<V> loader, LookupResult<V> found) {
        if (!(found instanceof LookupResult.Present<V> present)) {
            return null;
        }
        counters.hits.increment();
        if (isDue(present)) {
            counters.earlyRefreshes.increment();
            refresh(key, loader, options.staleFor.toMillis() + present.freshMillis());
        }
        return present.value();
    }

    /** Returns whether to refresh {@code present} early: a random choice. */
    boolean isDue(LookupResult.Present<V> present) {
        boolean ends = present.freshMillis() != Long.MAX_VALUE;
        return options.eagerness > 0
                && present.loadMillis() > 0
                && ends
                && present.leadMillis(options.eagerness) >= present.freshMillis();
    }

    /** Returns the fresh value if it is loaded within the soft timeout, or else the stale one. */
    CompletableFuture<Optional<V>> freshOr(Optional<V> stale, CacheKey key, Loader<V> loader) {
        CompletableFuture<Optional<V>> fresh = refresh(key, loader, options.staleFor.toMillis());
        if (options.softTimeout.isZero()) {
            return CompletableFuture.completedFuture(served(stale, key));
        }
        return scheduler.within(options.softTimeout, fresh).exceptionally(failure -> served(stale, key));
    }

    /** Counts a stale value as served, and returns it. */
    Optional<V> served(Optional<V> stale, CacheKey key) {
        counters.stale.increment();
        options.listener.servedStale(key.given());
        return stale;
    }

    /** Keeps look-ups that begin from now on from joining the refresh of {@code redisKey}: the key has changed. */
    void forget(String redisKey) {
        underWay.remove(redisKey);
    }

    /** Like {@link #forget}, for all keys. */
    void forgetAll() {
        underWay.clear();
    }

    /**
     * Withholds the value of the refresh of {@code redisKey} from its callers: it could not be stored, as the key has
     * changed.
     */
    void doubt(String redisKey) {
        CompletableFuture<Optional<V>> running = underWay.remove(redisKey);
        if (running != null) {
            running.completeExceptionally(new CancellationException("the key has changed while it was loaded"));
        }
    }

    /** Begins to load fresh values of {@code keys}, which are stale, by one of {@code refreshes} for up to 1,000 of them. */
    void refreshAll(List<CacheKey> keys, Supplier<BulkRefresh<V>> refreshes) {
        for (int from = 0; from < keys.size(); from += MOST_KEYS) {
            BulkRefresh<V> bulk = refreshes.get();
            for (CacheKey key : keys.subList(from, Math.min(keys.size(), from + MOST_KEYS))) {
                refresh(
                        key,
                        options.staleFor.toMillis(),
                        lease -> bulk.add(key, lease.thenApply(found -> unjoinedIfBusy(key, found))));
            }
            countIfOverdue(bulk.begin());
        }
    }

    /**
     * Returns {@code found}. If another process is loading the value, callers with a soft timeout wait for it, not for us.
     */
    private LookupResult<V> unjoinedIfBusy(CacheKey key, LookupResult<V> found) {
        if (found instanceof LookupResult.Busy<V> && !options.softTimeout.isZero()) {
            forget(key.inRedis());
        }
        return found;
    }

    private CompletableFuture<Optional<V>> refresh(CacheKey key, Loader<V> loader, long leftMillis) {
        return refresh(
                key,
                leftMillis,
                lease -> countIfOverdue(lease.thenCompose(found -> refreshed(key, loader, found, leftMillis))));
    }

    /** @param refreshed loads the value with the lease, unless the key is being refreshed already */
    private CompletableFuture<Optional<V>> refresh(
            CacheKey key,
            long leftMillis,
            Function<CompletableFuture<LookupResult<V>>, CompletableFuture<Optional<V>>> refreshed) {
        if (overdue.get() >= MOST_OVERDUE) {
            return CompletableFuture.failedFuture(new IllegalStateException("too many refreshes have not ended"));
        }
        CompletableFuture<Optional<V>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<V>> other = underWay.putIfAbsent(key.inRedis(), mine);
        if (other != null) {
            return other;
        }
        try {
            begin(key, leftMillis, mine, refreshed);
        } catch (Throwable e) {
            // For example for lack of stack: the next look-up refreshes the key.
            underWay.remove(key.inRedis(), mine);
            mine.completeExceptionally(e);
            throw e;
        }
        return mine;
    }

    private void begin(
            CacheKey key,
            long leftMillis,
            CompletableFuture<Optional<V>> mine,
            Function<CompletableFuture<LookupResult<V>>, CompletableFuture<Optional<V>>> refreshed) {
        // By then its lease has ended, and others may refresh.
        CompletableFuture<Void> leaseEnds = scheduler.pause(options.leaseTime.toMillis());
        leaseEnds.thenRun(() -> underWay.remove(key.inRedis(), mine));
        refreshed.apply(takeLease(key, leftMillis)).whenComplete((value, failure) -> {
            leaseEnds.cancel(false);
            if (failure == null) {
                underWay.remove(key.inRedis(), mine);
                mine.complete(value);
            } else {
                // The failed refresh stays for a while, so that not every caller tries again.
                scheduler.pause(PAUSE.toMillis()).thenRun(() -> underWay.remove(key.inRedis(), mine));
                mine.completeExceptionally(failure);
            }
        });
    }

    /** Counts {@code refresh}, which begins now, as overdue from the end of its lease until it ends; returns it. */
    private <T> CompletableFuture<T> countIfOverdue(CompletableFuture<T> refresh) {
        CompletableFuture<Void> leaseEnds = scheduler.pause(options.leaseTime.toMillis());
        leaseEnds.thenRun(() -> countOverdue(refresh));
        refresh.whenComplete((done, failure) -> leaseEnds.cancel(false));
        return refresh;
    }

    private void countOverdue(CompletableFuture<?> refresh) {
        if (refresh.isDone()) {
            return;
        }
        if (overdue.incrementAndGet() == MOST_OVERDUE) {
            LOG.warn(
                    "{} refreshes of the cache {} have not ended within its leaseTime of {} ms. Until some of them end, no more begin,"
                            + " and old values are served. Give its loader a timeout",
                    MOST_OVERDUE,
                    options.name(),
                    options.leaseTime.toMillis());
        }
        refresh.whenComplete((value, failure) -> overdue.decrementAndGet());
    }

    private CompletableFuture<LookupResult<V>> takeLease(CacheKey key, long leftMillis) {
        try {
            return store.takeToRefresh(key, leftMillis, LeaseKind.EXCLUSIVE);
        } catch (RuntimeException e) {
            // For example because the manager has just been closed: the old value can still be served.
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Optional<V>> refreshed(
            CacheKey key, Loader<V> loader, LookupResult<V> found, long leftMillis) {
        byte[] token = found.token();
        if (token != null) {
            return loads.reload(key, loader, token)
                    .exceptionallyCompose(failure -> leases.extend(key, token, PAUSE)
                            .thenCompose(done -> CompletableFuture.failedFuture(failure)));
        }
        if (found instanceof LookupResult.Busy<V>) {
            // Asks for the lease again: a look-up would find the old value, which stays beside the lease.
            return options.softTimeout.isZero()
                    ? CompletableFuture.failedFuture(new IllegalStateException("another process is loading it"))
                    : lookup.settled(key, found, options.leaseTime, () -> takeLease(key, leftMillis))
                            .thenCompose(settled -> refreshed(key, loader, settled, leftMillis));
        }
        return found instanceof LookupResult.Present<V> present
                ? CompletableFuture.completedFuture(present.value())
                : loads.load(key, loader, found);
    }
}
