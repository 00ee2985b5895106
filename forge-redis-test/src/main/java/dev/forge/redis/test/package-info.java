/**
 * A private, real Redis server for tests and development.
 *
 * <p>Start at {@link dev.forge.redis.test.EmbeddedRedis}; in JUnit tests, at {@link
 * dev.forge.redis.test.RedisExtension}. Only the latter needs JUnit on the class path. For more than one
 * server, there are {@link dev.forge.redis.test.EmbeddedRedisCluster} and {@link
 * dev.forge.redis.test.EmbeddedRedisSentinels}; for faults of the network, {@link dev.forge.redis.test.FaultProxy}; for
 * certificates, {@link dev.forge.redis.test.tls.TestCertificates}.
 */
@NullMarked
package dev.forge.redis.test;

import org.jspecify.annotations.NullMarked;
