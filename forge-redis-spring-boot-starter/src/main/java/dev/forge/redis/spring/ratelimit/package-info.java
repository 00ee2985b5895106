/**
 * Limits on requests to Spring MVC.
 *
 * <p>Start at {@link dev.forge.redis.spring.ratelimit.RateLimit} for a controller, or at the properties
 * {@code forge.rate-limit.*} for paths. A {@link dev.forge.redis.spring.ratelimit.RateLimitSubject} bean says who the
 * user of a request is.
 */
@NullMarked
package dev.forge.redis.spring.ratelimit;

import org.jspecify.annotations.NullMarked;
