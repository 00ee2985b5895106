package dev.forge.redis.cache;

import dev.forge.redis.internal.cache.Counters;
import java.time.Duration;

/**
 * What a cache has done in this process since it was built.
 *
 * @param nearHits values found in the near cache, known absences included
 * @param hits values found in Redis, known absences included
 * @param stale stale values that were served
 * @param misses keys that had to be loaded because there was nothing to serve
 * @param loads times that a loader was run
 * @param loadFailures times that a loader failed
 * @param loadTime how long the loaders have run, all together
 * @param earlyRefreshes values that were loaded again before they were stale
 * @param joins callers who waited for another caller's look-up instead of making their own
 * @param waits look-ups that waited for the load of another process
 * @param unreadable entries that could not be read and were treated as missing
 * @param unstorable values that were loaded or put and not stored, because they would not have come back as they were
 * @param refusals loaded values that were not stored, because the key was invalidated or written meanwhile
 * @param redisFailures reads and writes that Redis failed, and that the cache went on without
 * @param bypasses look-ups that went past the near cache, because it could not be trusted
 * @param pendingInvalidations invalidations that Redis has not acknowledged yet
 */
public record CacheStats(
        long nearHits,
        long hits,
        long stale,
        long misses,
        long loads,
        long loadFailures,
        Duration loadTime,
        long earlyRefreshes,
        long joins,
        long waits,
        long unreadable,
        long unstorable,
        long refusals,
        long redisFailures,
        long bypasses,
        int pendingInvalidations) {

    static CacheStats of(Counters counters, long bypasses, int pendingInvalidations) {
        return new CacheStats(
                counters.nearHits.sum(),
                counters.hits.sum(),
                counters.stale.sum(),
                counters.misses.sum(),
                counters.loads.sum(),
                counters.loadFailures.sum(),
                Duration.ofNanos(counters.loadNanos.sum()),
                counters.earlyRefreshes.sum(),
                counters.joins.sum(),
                counters.waits.sum(),
                counters.unreadable.sum(),
                counters.unstorable.sum(),
                counters.refusals.sum(),
                counters.redisFailures.sum(),
                bypasses,
                pendingInvalidations);
    }
}
