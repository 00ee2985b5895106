package dev.forge.redis.spring.cache;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cached value, and the type by which it is stored.
 *
 * @param ttl its TTL if it is stored, or null for that of the cache
 * @param tags the tags that its method gives it if it is stored
 */
record TypedValue(Object value, CachedType type, @Nullable Duration ttl, List<String> tags) {

    /** Returns a value with the options of the cache. */
    static TypedValue of(Object value, CachedType type) {
        return new TypedValue(value, type, null, List.of());
    }
}
