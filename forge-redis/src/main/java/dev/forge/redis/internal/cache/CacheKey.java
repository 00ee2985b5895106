package dev.forge.redis.internal.cache;

import dev.forge.redis.key.Keyspace;

/**
 * A key of a cache.
 *
 * @param given the key as callers pass it, by which loaders, listeners and the near cache know it
 * @param inRedis the key in Redis, without the prefix of the settings
 */
public record CacheKey(String given, String inRedis) {

    /** Returns the key {@code given} of the cache with {@code keyspace}. */
    public static CacheKey of(Keyspace keyspace, String given) {
        return new CacheKey(given, keyspace.key(given));
    }
}
