/**
 * The failures of commands, one type for each decision that the caller may take.
 *
 * <p>Start at {@link dev.forge.redis.failure.RedisFailure}. {@link dev.forge.redis.failure.RefusalReason} says why
 * Redis refused a command. {@link dev.forge.redis.failure.UnsupportedLibraryException} is thrown by the first use of
 * the direct client, and is not a failure of Redis.
 */
@NullMarked
package dev.forge.redis.failure;

import org.jspecify.annotations.NullMarked;
