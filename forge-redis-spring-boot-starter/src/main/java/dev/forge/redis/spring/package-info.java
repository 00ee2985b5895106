/**
 * Forge Redis as beans of a Spring Boot application.
 *
 * <p>There is nothing to call: with the starter on the class path, there is a
 * {@link dev.forge.redis.RedisManager} bean, set up by the properties {@code forge.redis.*} or the variables
 * {@code REDIS_*}, and a health indicator {@code forgeRedis} where Actuator is present. With Spring MVC,
 * {@link dev.forge.redis.spring.RateLimit} or {@code forge.rate-limit.*} limits requests.
 */
@NullMarked
package dev.forge.redis.spring;

import org.jspecify.annotations.NullMarked;
