/**
 * Where Redis is, how to log in, and how long to wait: the settings in the {@code REDIS_*} variables.
 *
 * <p>Start at {@link dev.forge.redis.settings.RedisSettings}; {@link dev.forge.redis.settings.RedisLogin} and
 * {@link dev.forge.redis.settings.RedisTls} are parts of it.
 */
@NullMarked
package dev.forge.redis.settings;

import org.jspecify.annotations.NullMarked;
