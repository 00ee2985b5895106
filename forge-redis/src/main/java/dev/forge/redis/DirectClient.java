package dev.forge.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection that the user's own commands go through: made when it is first asked for, apart from Forge's. */
final class DirectClient {

    private final ClientFactory factory;
    private final String address;

    // Guarded by this.
    private @Nullable RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connecting;
    private boolean closed;

    DirectClient(ClientFactory factory, String address) {
        this.factory = factory;
        this.address = address;
    }

    /** Returns the connection; an attempt that failed is made again by the next call. */
    synchronized CompletableFuture<StatefulRedisConnection<String, String>> connection() {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("RedisManager is closed"));
        }
        if (connecting == null || connecting.isCompletedExceptionally()) {
            if (client == null) {
                client = factory.forDirectUse();
            }
            connecting = client.connectAsync(StringCodec.UTF8, factory.uri())
                    .toCompletableFuture()
                    .exceptionallyCompose(failure ->
                            CompletableFuture.failedFuture(Failures.connecting(address, Failures.unwrapped(failure))));
        }
        return connecting;
    }

    synchronized CompletableFuture<Void> close() {
        closed = true;
        return client == null ? CompletableFuture.completedFuture(null) : client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
