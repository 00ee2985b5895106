package dev.forge.benchmarks.peer.near;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/** Caffeine alone, without Redis, with a bound and a TTL after write. */
final class CaffeineNear implements NearPeer {
    private final Cache<String, String> cache =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(TTL).build();

    @Override
    public void put(String key, String value) {
        cache.put(key, value);
    }

    @Override
    public String get(String key) {
        return requireNonNull(cache.getIfPresent(key));
    }

    @Override
    public void close() {
        cache.invalidateAll();
    }
}
