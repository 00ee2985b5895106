package dev.forge.benchmarks.peer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.TimeUnit;

/** A Lettuce client with its defaults, for peers that are built on it. */
public final class LettuceClient implements Opened {
    private final ClientResources resources = ClientResources.create();
    private final RedisClient client;

    /** Creates a client for the server at {@code port} of this machine. */
    public LettuceClient(int port) {
        client = RedisClient.create(resources, "redis://127.0.0.1:" + port);
    }

    /** Returns the client itself. */
    public RedisClient client() {
        return client;
    }

    /** Returns a connection, which is closed with the client. */
    public <V> StatefulRedisConnection<String, V> connect(RedisCodec<String, V> codec) {
        return client.connect(codec);
    }

    @Override
    public void close() {
        client.shutdown();
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
