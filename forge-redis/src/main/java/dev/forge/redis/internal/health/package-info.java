/**
 * Health probes and the diagnosis.
 *
 * <p>Start at {@link dev.forge.redis.internal.health.HealthProbe}.
 */
@NullMarked
package dev.forge.redis.internal.health;

import org.jspecify.annotations.NullMarked;
