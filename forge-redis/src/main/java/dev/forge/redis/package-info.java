/**
 * The connection to Redis and the operations on strings, patterns and scripts.
 *
 * <p>Start at {@link dev.forge.redis.RedisManager}. {@link dev.forge.redis.settings.RedisSettings} says where Redis is
 * and how long to wait for it; {@link dev.forge.redis.failure.RedisFailure} says what a caller may do when a command
 * fails. Of the public packages, only this one depends on the client, Lettuce; caches, rate limits and sessions are
 * built on top.
 */
@NullMarked
package dev.forge.redis;

import org.jspecify.annotations.NullMarked;
