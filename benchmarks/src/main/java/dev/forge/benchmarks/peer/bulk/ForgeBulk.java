package dev.forge.benchmarks.peer.bulk;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Forge: {@link Cache#getAll} of a cache of strings. */
final class ForgeBulk implements BulkPeer {
    private final RedisManager redis;
    private final Cache<String> cache;

    ForgeBulk(int port) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        cache = Cache.builder(redis, "bulk", String.class)
                .ttl(Duration.ofHours(1))
                .build();
    }

    @Override
    public void store(List<String> keys, String value) {
        keys.forEach(key -> cache.put(key, value));
    }

    @Override
    public long lengths(List<String> keys) {
        long length = 0;
        Map<String, String> values = cache.getAll(keys, missing -> Map.of());
        for (String value : values.values()) {
            length += value.length();
        }
        return length;
    }

    @Override
    public void close() {
        redis.close();
    }
}
