/**
 * A cache in Redis in front of a slower source of values (cache-aside).
 *
 * <p>Start at {@link dev.forge.redis.cache.Cache}. A {@link dev.forge.redis.cache.Loader} fetches missing values;
 * {@link dev.forge.redis.cache.observe.CacheStats} counts hits, misses and failures.
 */
@NullMarked
package dev.forge.redis.cache;

import org.jspecify.annotations.NullMarked;
