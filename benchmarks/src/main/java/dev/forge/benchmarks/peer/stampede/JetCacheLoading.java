package dev.forge.benchmarks.peer.stampede;

import com.alicp.jetcache.Cache;
import dev.forge.benchmarks.peer.JetCaches;
import dev.forge.benchmarks.peer.LettuceClient;
import java.util.function.UnaryOperator;

/** JetCache with its penetration protection. */
final class JetCacheLoading implements LoadingPeer {
    private final LettuceClient client;
    private final Cache<String, String> cache;
    private final UnaryOperator<String> loader;

    JetCacheLoading(int port, UnaryOperator<String> loader) {
        client = new LettuceClient(port);
        cache = JetCaches.remote(client, "jetcache-stampede:", TTL);
        cache.config().setCachePenetrationProtect(true);
        this.loader = loader;
    }

    @Override
    public String get(String key) {
        return cache.computeIfAbsent(key, loader);
    }

    @Override
    public void close() {
        cache.close();
        client.close();
    }
}
