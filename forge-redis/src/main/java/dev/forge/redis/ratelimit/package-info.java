/**
 * Rate limits shared by every process that uses the same Redis.
 *
 * <p>Start at {@link dev.forge.redis.ratelimit.RateLimiter}. A {@link dev.forge.redis.ratelimit.Limit} says how much is
 * allowed, and a {@link dev.forge.redis.ratelimit.Decision} whether one request was. One script computes everything by
 * the clock of Redis, so the clocks of the callers do not matter.
 */
@NullMarked
package dev.forge.redis.ratelimit;

import org.jspecify.annotations.NullMarked;
