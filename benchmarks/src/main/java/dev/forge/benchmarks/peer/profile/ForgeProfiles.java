package dev.forge.benchmarks.peer.profile;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.settings.RedisSettings;
import java.util.Optional;

/** Forge: a cache without a near cache. */
final class ForgeProfiles implements ProfilePeer {
    private final RedisManager redis;
    private final Cache<Profile> cache;

    ForgeProfiles(int port) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
        cache = Cache.builder(redis, "profile", Profile.class).ttl(TTL).build();
    }

    @Override
    public Profile get(String id) {
        return cache.get(id, missing -> Optional.of(Profile.of(Long.parseLong(missing))))
                .orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
