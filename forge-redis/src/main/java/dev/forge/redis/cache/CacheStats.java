package dev.forge.redis.cache;

/**
 * What a cache has done in this process since it was built.
 *
 * @param hits values found in Redis, known absences included
 * @param misses keys not found
 * @param loads times that a loader was run
 * @param loadFailures times that a loader failed
 * @param joins callers who waited for another caller's load instead of making their own
 * @param unreadable values that could not be decoded and were treated as missing
 * @param refusals loaded values that were not stored, because the key was invalidated or written meanwhile
 * @param redisFailures reads and writes that Redis failed, and that the cache went on without
 */
public record CacheStats(
        long hits,
        long misses,
        long loads,
        long loadFailures,
        long joins,
        long unreadable,
        long refusals,
        long redisFailures) {}
