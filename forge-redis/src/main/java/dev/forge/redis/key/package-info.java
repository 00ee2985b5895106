/**
 * Keys and patterns that are built safely from parts.
 *
 * <p>Start at {@link dev.forge.redis.key.Keyspace}, a namespace of keys. {@link dev.forge.redis.key.RedisKey} builds
 * keys from segments, and {@link dev.forge.redis.key.KeyPattern} patterns from arguments.
 */
@NullMarked
package dev.forge.redis.key;

import org.jspecify.annotations.NullMarked;
