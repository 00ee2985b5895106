/**
 * Values read through Redis from wherever they come from (cache-aside).
 *
 * <p>Start at {@link dev.forge.redis.cache.Cache}. A {@link dev.forge.redis.cache.Loader} fetches what is missing;
 * {@link dev.forge.redis.cache.CacheStats} says how it goes.
 */
@NullMarked
package dev.forge.redis.cache;

import org.jspecify.annotations.NullMarked;
