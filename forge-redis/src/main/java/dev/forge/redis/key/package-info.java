/**
 * Keys and patterns that are built from parts, so that no part can pose as another.
 *
 * <p>Start at {@link dev.forge.redis.key.Keyspace}.
 */
@NullMarked
package dev.forge.redis.key;

import org.jspecify.annotations.NullMarked;
