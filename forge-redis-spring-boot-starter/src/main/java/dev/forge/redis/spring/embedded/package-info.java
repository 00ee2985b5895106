/**
 * An {@link dev.forge.redis.test.EmbeddedRedis} bean as the Redis that an application connects to, for tests and
 * development.
 *
 * <p>Needs {@code forge-redis-test} on the class path. Start at
 * {@link dev.forge.redis.spring.embedded.AutoConfigureEmbeddedRedis}.
 */
@NullMarked
package dev.forge.redis.spring.embedded;

import org.jspecify.annotations.NullMarked;
