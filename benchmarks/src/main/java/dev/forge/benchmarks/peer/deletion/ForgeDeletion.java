package dev.forge.benchmarks.peer.deletion;

import dev.forge.redis.RedisManager;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.settings.RedisSettings;

/** Forge: the deletion by pattern of the manager. */
final class ForgeDeletion implements DeletionPeer {
    private final RedisManager redis;

    ForgeDeletion(int port) {
        redis = RedisManager.create(RedisSettings.of("redis://127.0.0.1:" + port));
    }

    @Override
    public void delete(String name) {
        redis.deletePatternSync(KeyPattern.of("{}::*", name));
    }

    @Override
    public void close() {
        redis.close();
    }
}
