/**
 * The results of {@code RedisManager.healthSync()} and {@code diagnoseSync()}.
 *
 * <p>Start at {@link dev.forge.redis.health.Health}; {@link dev.forge.redis.health.Diagnosis} finds what will cause
 * trouble later.
 */
@NullMarked
package dev.forge.redis.health;

import org.jspecify.annotations.NullMarked;
