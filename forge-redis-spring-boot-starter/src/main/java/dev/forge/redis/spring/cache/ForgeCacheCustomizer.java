package dev.forge.redis.spring.cache;

import dev.forge.redis.cache.CacheBuilder;

/** Changes the options of the caches of Spring's annotations; beans of this type are called for each cache. */
@FunctionalInterface
public interface ForgeCacheCustomizer {

    /** Changes the options of the cache {@code name}, after those of the properties have been set. */
    void customize(String name, CacheBuilder<?> builder);
}
