package dev.forge.benchmarks.peer;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.BatchStrategies;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.GenericJacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/** Caches of Spring Data Redis over one shared Lettuce connection, which keep JSON with the names of classes. */
public final class SpringCaches implements Opened {
    private static final int SCANNED_AT_ONCE = 1_000;

    private final LettuceConnectionFactory connections;
    private final RedisCacheManager manager;

    /** Connects to the server at {@code port} of this machine. */
    public SpringCaches(int port, Duration ttl) {
        connections = new LettuceConnectionFactory("127.0.0.1", port);
        connections.afterPropertiesSet();
        connections.start();
        GenericJacksonJsonRedisSerializer json = GenericJacksonJsonRedisSerializer.builder()
                .enableUnsafeDefaultTyping()
                .enableSpringCacheNullValueSupport()
                .build();
        manager = RedisCacheManager.builder(
                        RedisCacheWriter.nonLockingRedisCacheWriter(connections, BatchStrategies.scan(SCANNED_AT_ONCE)))
                .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig()
                        .entryTtl(ttl)
                        .serializeValuesWith(SerializationPair.fromSerializer(json)))
                .build();
        manager.afterPropertiesSet();
    }

    /** Returns the manager of the caches. */
    public RedisCacheManager manager() {
        return manager;
    }

    /** Returns the cache called {@code name}. */
    public Cache cache(String name) {
        return requireNonNull(manager.getCache(name));
    }

    @Override
    public void close() {
        connections.destroy();
    }
}
