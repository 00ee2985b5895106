/**
 * What went wrong, told apart by what the caller may do about it.
 *
 * <p>Start at {@link dev.forge.redis.failure.RedisFailure}.
 */
@NullMarked
package dev.forge.redis.failure;

import org.jspecify.annotations.NullMarked;
