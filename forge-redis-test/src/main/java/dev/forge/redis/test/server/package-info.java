/**
 * Servers as processes: their binaries, configuration, start and end, and a raw connection to control them.
 *
 * <p>Internal, except for {@link dev.forge.redis.test.server.EmbeddedRedisException}. Use
 * {@link dev.forge.redis.test.EmbeddedRedis} instead.
 */
@NullMarked
package dev.forge.redis.test.server;

import org.jspecify.annotations.NullMarked;
