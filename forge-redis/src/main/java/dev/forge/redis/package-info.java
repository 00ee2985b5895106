/**
 * The connection to Redis and the operations on strings, patterns and scripts.
 *
 * <p>Start at {@link dev.forge.redis.RedisManager}. {@link dev.forge.redis.settings.RedisSettings} says where Redis is and how long
 * to wait for it; {@link dev.forge.redis.failure.RedisFailure} says what a caller may do when it does not answer. This is the only
 * package that knows the client, Lettuce; the features beside it are built on what it offers.
 */
@NullMarked
package dev.forge.redis;

import org.jspecify.annotations.NullMarked;
