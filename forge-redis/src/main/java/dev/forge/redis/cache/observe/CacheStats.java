package dev.forge.redis.cache.observe;

import java.time.Duration;

/**
 * The counters of one cache in this process, since it was built.
 *
 * <p>A snapshot. All but {@code pendingInvalidations} and {@code nearSize} only grow.
 *
 * @param nearHits values found in the near cache, including cached absences
 * @param hits values found in Redis, including cached absences
 * @param stale stale values that were served
 * @param misses keys for which no value could be served without a load
 * @param loads runs of a loader; a bulk load counts once
 * @param loadFailures runs of a loader that failed
 * @param loadTime the total time that loaders have run
 * @param earlyRefreshes values that were loaded again before they were stale
 * @param joins callers that waited for the look-up of another caller instead of making their own
 * @param waits look-ups that waited for the load of another process
 * @param unreadable entries that could not be read and were treated as missing
 * @param unstorable values that were loaded or put but not stored, because they could not be encoded, were too large, would not have been
 *     read back equal, or had options that cannot be used
 * @param rejectedStores loaded values that were not stored, because the key was invalidated or written meanwhile
 * @param redisFailures reads and writes that failed in Redis; the cache answered without them
 * @param bypasses look-ups that bypassed the near cache, because it could not be trusted
 * @param pendingInvalidations invalidations that Redis has not acknowledged yet and that will be sent again
 * @param puts values and absences that were stored in Redis, loaded or put
 * @param removals values that {@link dev.forge.redis.cache.Cache#invalidate}, {@link dev.forge.redis.cache.Cache#invalidateMatching} or
 *     {@link dev.forge.redis.cache.Cache#clear} has removed from Redis; the number removed by a tag is not known
 * @param nearSize entries in the near cache of this process; 0 without one
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
        long rejectedStores,
        long redisFailures,
        long bypasses,
        int pendingInvalidations,
        long puts,
        long removals,
        int nearSize) {}
