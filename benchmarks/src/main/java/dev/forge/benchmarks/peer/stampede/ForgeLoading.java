package dev.forge.benchmarks.peer.stampede;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Forge: a cache with its defaults. */
final class ForgeLoading implements LoadingPeer {
    private final RedisManager redis;
    private final Cache<String> cache;
    private final UnaryOperator<String> loader;

    ForgeLoading(int port, UnaryOperator<String> loader) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        cache = Cache.builder(redis, "stampede", String.class).ttl(TTL).build();
        this.loader = loader;
    }

    @Override
    public String get(String key) {
        return cache.get(key, missing -> Optional.of(loader.apply(missing))).orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
