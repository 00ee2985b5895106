package dev.forge.benchmarks.peer.near;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import java.util.Optional;

/** Forge: a cache with a near cache. */
final class ForgeNear implements NearPeer {
    private final RedisManager redis;
    private final Cache<String> cache;

    ForgeNear(int port) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        cache = Cache.builder(redis, "near", String.class)
                .ttl(TTL)
                .nearCache(MOST)
                .build();
    }

    @Override
    public void put(String key, String value) {
        cache.put(key, value);
    }

    @Override
    public String get(String key) {
        return cache.get(key, missing -> Optional.empty()).orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
