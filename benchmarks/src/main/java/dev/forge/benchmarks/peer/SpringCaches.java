package dev.forge.benchmarks.peer;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import java.time.Duration;
import java.util.Map;
import org.springframework.cache.Cache;
import org.springframework.data.redis.cache.BatchStrategies;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.GenericJacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/** Caches of Spring Data Redis over one shared Lettuce connection, which keep JSON. */
public final class SpringCaches implements Opened {
    private static final int SCANNED_AT_ONCE = 1_000;

    private final LettuceConnectionFactory connections;
    private final RedisCacheManager manager;

    /** Connects to the server at {@code port} of this machine. */
    public SpringCaches(int port, Duration ttl) {
        this(port, ttl, Map.of());
    }

    private SpringCaches(int port, Duration ttl, Map<String, Class<?>> types) {
        connections = new LettuceConnectionFactory("127.0.0.1", port);
        connections.afterPropertiesSet();
        connections.start();
        GenericJacksonJsonRedisSerializer json = GenericJacksonJsonRedisSerializer.builder()
                .enableUnsafeDefaultTyping()
                .enableSpringCacheNullValueSupport()
                .build();
        RedisCacheConfiguration defaults =
                RedisCacheConfiguration.defaultCacheConfig().entryTtl(ttl);
        manager = RedisCacheManager.builder(
                        RedisCacheWriter.nonLockingRedisCacheWriter(connections, BatchStrategies.scan(SCANNED_AT_ONCE)))
                .cacheDefaults(defaults.serializeValuesWith(SerializationPair.fromSerializer(json)))
                .withInitialCacheConfigurations(types.entrySet().stream()
                        .collect(toMap(
                                Map.Entry::getKey,
                                cache -> defaults.serializeValuesWith(SerializationPair.fromSerializer(
                                        new JacksonJsonRedisSerializer<>(cache.getValue()))))))
                .build();
        manager.afterPropertiesSet();
    }

    /** Does the same with JSON of one class, without its name, in each of the caches in {@code types}. */
    public static SpringCaches typed(int port, Duration ttl, Map<String, Class<?>> types) {
        return new SpringCaches(port, ttl, types);
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
