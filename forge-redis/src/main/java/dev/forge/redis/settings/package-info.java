/**
 * Where Redis is, how to log in, and how long to wait: what the {@code REDIS_*} variables say.
 *
 * <p>Start at {@link dev.forge.redis.settings.RedisSettings}.
 */
@NullMarked
package dev.forge.redis.settings;

import org.jspecify.annotations.NullMarked;
