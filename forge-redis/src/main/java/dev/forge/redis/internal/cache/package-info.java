/**
 * The storage of a cache: entries, leases and tags in Redis, near copies in memory, and pending invalidations; and the
 * look-ups that the callers of one process share.
 *
 * <p>Start at {@link dev.forge.redis.internal.cache.RedisStore}.
 */
@NullMarked
package dev.forge.redis.internal.cache;

import org.jspecify.annotations.NullMarked;
