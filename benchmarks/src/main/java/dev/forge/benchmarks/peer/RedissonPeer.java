package dev.forge.benchmarks.peer;

import java.util.concurrent.Future;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** Redisson with its default pools and threads, and with plain strings instead of its default codec, as the others have. */
final class RedissonPeer implements AsyncPeer {
    private final RedissonClient redisson;

    RedissonPeer(int port) {
        Config config = new Config();
        config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
        redisson = Redisson.create(config);
    }

    @Override
    public String get(String key) {
        return redisson.<String>getBucket(key, StringCodec.INSTANCE).get();
    }

    @Override
    public void set(String key, String value) {
        redisson.<String>getBucket(key, StringCodec.INSTANCE).set(value);
    }

    @Override
    public Future<?> getAsync(String key) {
        return redisson.<String>getBucket(key, StringCodec.INSTANCE).getAsync();
    }

    @Override
    public String value(Object answer) {
        return (String) answer;
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
