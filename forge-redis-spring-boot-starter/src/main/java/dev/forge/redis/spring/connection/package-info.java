/**
 * The {@link dev.forge.redis.RedisManager} bean: which Redis it connects to, and what is said if that fails.
 *
 * <p>The address comes from a {@link dev.forge.redis.spring.connection.ForgeConnectionDetails} bean or another service
 * connection, from {@code forge.redis.*} and {@code REDIS_*}, or from {@code spring.data.redis.*}, in this order.
 */
@NullMarked
package dev.forge.redis.spring.connection;

import org.jspecify.annotations.NullMarked;
