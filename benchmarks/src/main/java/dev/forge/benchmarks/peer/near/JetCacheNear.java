package dev.forge.benchmarks.peer.near;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCacheBuilder;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import dev.forge.benchmarks.peer.JetCaches;
import dev.forge.benchmarks.peer.LettuceClient;
import java.util.concurrent.TimeUnit;

/** JetCache with both levels: Caffeine in front of Redis. */
final class JetCacheNear implements NearPeer {
    private final LettuceClient client;
    private final Cache<String, String> cache;

    JetCacheNear(int port) {
        client = new LettuceClient(port);
        Cache<String, String> near = CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .limit(MOST)
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .expireAfterWrite(TTL.toMillis(), TimeUnit.MILLISECONDS)
                .buildCache();
        Cache<String, String> remote = JetCaches.remote(client, "jetcache-near:", TTL);
        cache = MultiLevelCacheBuilder.createMultiLevelCacheBuilder()
                .addCache(near, remote)
                .expireAfterWrite(TTL.toMillis(), TimeUnit.MILLISECONDS)
                .buildCache();
    }

    @Override
    public void put(String key, String value) {
        // Reading the result waits for it; put alone returns before Redis has answered.
        if (!cache.PUT(key, value).isSuccess()) {
            throw new IllegalStateException("The value was not stored");
        }
    }

    @Override
    public String get(String key) {
        return cache.get(key);
    }

    @Override
    public void close() {
        cache.close();
        client.close();
    }
}
