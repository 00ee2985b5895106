package dev.forge.benchmarks.peer.profile;

import com.alicp.jetcache.Cache;
import dev.forge.benchmarks.peer.JetCaches;
import dev.forge.benchmarks.peer.LettuceClient;

/** JetCache without a level in memory. */
final class JetCacheProfiles implements ProfilePeer {
    private final LettuceClient client;
    private final Cache<String, Profile> cache;

    JetCacheProfiles(int port) {
        client = new LettuceClient(port);
        cache = JetCaches.remote(client, "jetcache-profile:", TTL);
    }

    @Override
    public Profile get(String id) {
        return cache.computeIfAbsent(id, missing -> Profile.of(Long.parseLong(missing)));
    }

    @Override
    public void close() {
        cache.close();
        client.close();
    }
}
