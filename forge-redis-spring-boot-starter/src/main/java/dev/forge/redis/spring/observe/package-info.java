/**
 * What Forge does, as Micrometer meters and observations; docs/observability.md lists them.
 *
 * <p>Start at {@link dev.forge.redis.spring.observe.ForgeObserveAutoConfiguration}. {@link
 * dev.forge.redis.spring.observe.ForgeCacheMeters} also binds caches that are not beans.
 */
@NullMarked
package dev.forge.redis.spring.observe;

import org.jspecify.annotations.NullMarked;
