package dev.forge.benchmarks.peer;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Caches of JetCache in Redis, with its defaults: Java serialization, keys as JSON. */
public final class JetCaches {
    private JetCaches() {}

    /** Returns a cache in Redis. */
    public static <V> Cache<String, V> remote(LettuceClient client, String prefix, Duration ttl) {
        return RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                .redisClient(client.client())
                .keyPrefix(prefix)
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .valueEncoder(JavaValueEncoder.INSTANCE)
                .valueDecoder(JavaValueDecoder.INSTANCE)
                .expireAfterWrite(ttl.toMillis(), TimeUnit.MILLISECONDS)
                .buildCache();
    }
}
