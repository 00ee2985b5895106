/**
 * How health and diagnosis are found out.
 *
 * <p>Start at {@link dev.forge.redis.internal.health.HealthProbe}.
 */
@NullMarked
package dev.forge.redis.internal.health;

import org.jspecify.annotations.NullMarked;
