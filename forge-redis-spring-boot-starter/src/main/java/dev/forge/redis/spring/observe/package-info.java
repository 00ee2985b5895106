/**
 * The statistics of caches as Micrometer meters: {@link dev.forge.redis.spring.observe.ForgeCacheMeters}.
 */
@NullMarked
package dev.forge.redis.spring.observe;

import org.jspecify.annotations.NullMarked;
