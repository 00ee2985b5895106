package dev.forge.benchmarks.peer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lettuce with its defaults: one connection for all threads. */
final class LettucePeer implements AsyncPeer {
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisCommands<String, String> sync;
    private final RedisAsyncCommands<String, String> async;

    LettucePeer(int port) {
        this(port, ClientResources.create());
    }

    LettucePeer(int port, NettyCustomizer customizer) {
        this(port, ClientResources.builder().nettyCustomizer(customizer).build());
    }

    private LettucePeer(int port, ClientResources resources) {
        this.resources = resources;
        client = RedisClient.create(resources, "redis://127.0.0.1:" + port);
        StatefulRedisConnection<String, String> connection = client.connect();
        sync = connection.sync();
        async = connection.async();
    }

    @Override
    public String get(String key) {
        return sync.get(key);
    }

    @Override
    public void set(String key, String value) {
        sync.set(key, value);
    }

    @Override
    public Future<?> getAsync(String key) {
        return async.get(key);
    }

    @Override
    public String value(Object answer) {
        return (String) answer;
    }

    @Override
    public void close() {
        client.shutdown();
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
