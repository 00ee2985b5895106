/**
 * A private, real Redis server for tests and development.
 *
 * <p>Start at {@link dev.forge.redis.test.EmbeddedRedis}; in JUnit tests, at {@link
 * dev.forge.redis.test.RedisExtension}. Only the latter needs JUnit on the class path.
 */
@NullMarked
package dev.forge.redis.test;

import org.jspecify.annotations.NullMarked;
