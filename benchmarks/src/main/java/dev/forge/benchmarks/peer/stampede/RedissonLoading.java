package dev.forge.benchmarks.peer.stampede;

import static java.util.Objects.requireNonNull;

import dev.forge.benchmarks.peer.RedissonClients;
import java.util.List;
import java.util.function.UnaryOperator;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.map.MapLoader;
import org.redisson.api.options.MapOptions;

/** Redisson: a map with a loader, which holds a lock in Redis while it loads. */
final class RedissonLoading implements LoadingPeer {
    private final RedissonClient redisson;
    private final RMap<String, String> map;

    RedissonLoading(int port, UnaryOperator<String> loader) {
        redisson = RedissonClients.open(port);
        map = redisson.getMap(
                MapOptions.<String, String>name("redisson-stampede").loader(new MapLoader<>() {
                    @Override
                    public String load(String key) {
                        return loader.apply(key);
                    }

                    @Override
                    public Iterable<String> loadAllKeys() {
                        return List.of();
                    }
                }));
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
