package dev.forge.redis.spring.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cached value, and the type by which it is stored.
 *
 * @param ttl its TTL if it is stored, or null for that of the cache
 */
record TypedValue(Object value, CachedType type, @Nullable Duration ttl) {}
