/**
 * The {@link dev.forge.redis.RedisManager} bean, its properties, and the report of invalid settings.
 */
@NullMarked
package dev.forge.redis.spring.connection;

import org.jspecify.annotations.NullMarked;
