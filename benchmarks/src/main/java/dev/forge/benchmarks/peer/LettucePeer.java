package dev.forge.benchmarks.peer;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisStringAsyncCommands;
import io.lettuce.core.api.sync.RedisStringCommands;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Lettuce with its defaults: one connection for all threads. */
final class LettucePeer implements AsyncPeer {
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final RedisStringCommands<String, String> sync;
    private final RedisStringAsyncCommands<String, String> async;

    LettucePeer(Target target) {
        this(target, ClientResources.create());
    }

    static Peer consolidated(Target target) {
        return new LettucePeer(
                target,
                ClientResources.builder()
                        .nettyCustomizer(new FlushConsolidation())
                        .build());
    }

    private LettucePeer(Target target, ClientResources resources) {
        this.resources = resources;
        RedisClient single = RedisClient.create(resources, target.url());
        StatefulRedisConnection<String, String> connection = single.connect();
        client = single;
        sync = connection.sync();
        async = connection.async();
    }

    /** Takes a connected client, and closes it and its resources. */
    LettucePeer(
            ClientResources resources,
            AbstractRedisClient client,
            RedisStringCommands<String, String> sync,
            RedisStringAsyncCommands<String, String> async) {
        this.resources = resources;
        this.client = client;
        this.sync = sync;
        this.async = async;
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
