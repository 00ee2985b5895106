package dev.forge.redis.cache;

/**
 * The result of {@link Cache#lookup} and {@link Cache#peek}.
 *
 * @param <V> the type of the values
 */
public sealed interface CacheLookup<V> permits CacheLookup.Hit, CacheLookup.Absent, CacheMiss {

    /** The key has this value. */
    record Hit<V>(V value) implements CacheLookup<V> {}

    /** The key is cached as having no value ({@link CacheBuilder#cacheAbsence}). */
    record Absent<V>() implements CacheLookup<V> {}
}
