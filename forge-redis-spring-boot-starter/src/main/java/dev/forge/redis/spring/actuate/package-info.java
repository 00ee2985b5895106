/**
 * The health of Redis for Spring Boot Actuator, as the indicator {@code forgeRedis}.
 */
@NullMarked
package dev.forge.redis.spring.actuate;

import org.jspecify.annotations.NullMarked;
