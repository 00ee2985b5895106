package dev.forge.benchmarks.peer;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import java.util.Optional;
import java.util.concurrent.Future;

/** Forge: its methods for strings. */
final class ForgePeer implements AsyncPeer {
    private final RedisManager redis;

    ForgePeer(RedisSettings settings) {
        redis = RedisManager.create(settings);
        redis.initializeSync();
    }

    @Override
    public String get(String key) {
        return redis.getSync(key).orElseThrow();
    }

    @Override
    public void set(String key, String value) {
        redis.setSync(key, value, RedisManager.NO_EXPIRY);
    }

    @Override
    public Future<?> getAsync(String key) {
        return redis.getAsync(key);
    }

    @Override
    public String value(Object answer) {
        return (String) ((Optional<?>) answer).orElseThrow();
    }

    @Override
    public void close() {
        redis.close();
    }
}
