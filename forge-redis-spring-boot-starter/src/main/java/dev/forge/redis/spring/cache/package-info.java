/**
 * Spring's cache annotations, kept in Redis by Forge.
 *
 * <p>{@link dev.forge.redis.spring.cache.ForgeCacheManager} is the {@code CacheManager}. A call of an annotated method is a
 * {@link dev.forge.redis.spring.cache.CacheInvocation}, which connects the look-up before the method with the put after
 * it.
 */
@NullMarked
package dev.forge.redis.spring.cache;

import org.jspecify.annotations.NullMarked;
