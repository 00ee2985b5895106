package dev.forge.benchmarks.peer.near;

import static java.util.Objects.requireNonNull;

import dev.forge.benchmarks.peer.RedissonClients;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;

/** Redisson: a map with a local cache, which evicts the least recently used entries. */
final class RedissonNear implements NearPeer {
    private final RedissonClient redisson;
    private final RLocalCachedMap<String, String> map;

    RedissonNear(int port) {
        redisson = RedissonClients.open(port);
        map = redisson.getLocalCachedMap(LocalCachedMapOptions.<String, String>name("redisson-near")
                .cacheSize(MOST)
                .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU)
                .timeToLive(TTL));
    }

    @Override
    public void put(String key, String value) {
        map.fastPut(key, value);
    }

    @Override
    public String get(String key) {
        return requireNonNull(map.get(key));
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
