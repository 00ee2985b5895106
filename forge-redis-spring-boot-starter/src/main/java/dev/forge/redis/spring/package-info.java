/**
 * Forge Redis as beans of a Spring Boot application.
 *
 * <p>There is nothing to call: with the starter on the class path, there is a
 * {@link dev.forge.redis.RedisManager} bean, set up by the properties {@code forge.redis.*} or the variables
 * {@code REDIS_*}. Each package below holds one part with its own auto-configuration: {@code ratelimit},
 * {@code session}, {@code observe} for metrics, and {@code actuate} for health.
 */
@NullMarked
package dev.forge.redis.spring;

import org.jspecify.annotations.NullMarked;
