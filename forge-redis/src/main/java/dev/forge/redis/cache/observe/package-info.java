/**
 * What a cache says about itself: its counters, the state of a key, and events.
 *
 * <p>Start at {@link dev.forge.redis.cache.observe.CacheStats}.
 */
@NullMarked
package dev.forge.redis.cache.observe;

import org.jspecify.annotations.NullMarked;
