/**
 * What {@code RedisManager.health()} and {@code diagnose()} return.
 *
 * <p>Start at {@link dev.forge.redis.health.Health}.
 */
@NullMarked
package dev.forge.redis.health;

import org.jspecify.annotations.NullMarked;
