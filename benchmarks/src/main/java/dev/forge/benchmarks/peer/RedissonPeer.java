package dev.forge.benchmarks.peer;

import java.util.concurrent.Future;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Redisson with its default pools and threads, and plain strings, as the others, instead of its default codec. */
final class RedissonPeer implements AsyncPeer {
    private final RedissonClient redisson;

    RedissonPeer(RedissonClient redisson) {
        this.redisson = redisson;
    }

    static Peer open(Target target) {
        return new RedissonPeer(RedissonClients.open(target));
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
