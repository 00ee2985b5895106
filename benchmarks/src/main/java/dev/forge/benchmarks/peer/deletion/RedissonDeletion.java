package dev.forge.benchmarks.peer.deletion;

import dev.forge.benchmarks.peer.RedissonClients;
import org.redisson.api.RedissonClient;

/** Redisson: {@code deleteByPattern}. */
final class RedissonDeletion implements DeletionPeer {
    private final RedissonClient redisson;

    RedissonDeletion(int port) {
        redisson = RedissonClients.open(port);
    }

    @Override
    public void delete(String name) {
        redisson.getKeys().deleteByPattern(name + "::*");
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
