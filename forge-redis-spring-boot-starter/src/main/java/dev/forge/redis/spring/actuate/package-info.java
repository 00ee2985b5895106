/**
 * Forge in Spring Boot Actuator: the health indicator {@code forgeRedis}, and the endpoint {@code forge}.
 *
 * <p>Start at {@link dev.forge.redis.spring.actuate.ForgeEndpoint}.
 */
@NullMarked
package dev.forge.redis.spring.actuate;

import org.jspecify.annotations.NullMarked;
