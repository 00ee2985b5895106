/**
 * What a cache stores: entries, leases and tags in Redis, copies in memory, and the invalidations that Redis has not had yet.
 *
 * <p>Start at {@link dev.forge.redis.internal.cache.RedisStore}.
 */
@NullMarked
package dev.forge.redis.internal.cache;

import org.jspecify.annotations.NullMarked;
