package dev.forge.redis.internal;

import dev.forge.redis.internal.connection.ClientFactory;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.settings.RedisEndpoint;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The connection for the user's own commands: made on first use, separate from Forge's. */
public final class DirectClient {

    private final ClientFactory factory;
    private final RedisEndpoint endpoint;

    // Guarded by this.
    private @Nullable AbstractRedisClient client;
    private @Nullable CompletableFuture<Commands> connecting;
    private boolean closed;

    DirectClient(ClientFactory factory, RedisEndpoint endpoint) {
        this.factory = factory;
        this.endpoint = endpoint;
    }

    /** The two forms of the client's commands. */
    public record Commands(
            RedisClusterAsyncCommands<String, String> async, RedisClusterCommands<String, String> sync) {}

    /** Returns the commands once there is a connection; after a failed attempt the next call tries again. */
    public synchronized CompletableFuture<Commands> commands() {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("RedisManager is closed"));
        }
        if (connecting == null || connecting.isCompletedExceptionally()) {
            connecting = connect()
                    .toCompletableFuture()
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                            Failures.connecting(endpoint.toString(), Futures.unwrapped(failure))));
        }
        return connecting;
    }

    private CompletionStage<Commands> connect() {
        if (endpoint instanceof RedisEndpoint.Cluster) {
            RedisClusterClient cluster =
                    client instanceof RedisClusterClient made ? made : factory.forDirectUseOfCluster();
            client = cluster;
            return factory.credentials()
                    .thenCompose(login -> cluster.refreshPartitionsAsync())
                    .thenCompose(known -> cluster.connectAsync(StringCodec.UTF8))
                    .thenCompose(DirectClient::warmed)
                    .thenApply(DirectClient::commands);
        }
        RedisClient node = client instanceof RedisClient made ? made : factory.forDirectUse();
        client = node;
        return factory.credentials()
                .thenCompose(login ->
                        node.connectAsync(StringCodec.UTF8, factory.directUris().get(0)))
                .thenApply(DirectClient::commands);
    }

    /** Connects to every primary, because the client would reject the first commands while it does that. */
    private static CompletionStage<StatefulRedisClusterConnection<String, String>> warmed(
            StatefulRedisClusterConnection<String, String> connection) {
        CompletableFuture<?>[] nodes = connection.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM))
                .map(node -> connection.getConnectionAsync(
                        node.getUri().getHost(), node.getUri().getPort()))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(nodes).thenApply(done -> connection);
    }

    private static Commands commands(StatefulRedisConnection<String, String> connection) {
        return new Commands(connection.async(), connection.sync());
    }

    private static Commands commands(StatefulRedisClusterConnection<String, String> connection) {
        return new Commands(connection.async(), connection.sync());
    }

    synchronized CompletableFuture<Void> close() {
        closed = true;
        return client == null ? CompletableFuture.completedFuture(null) : client.shutdownAsync(0, 1, TimeUnit.SECONDS);
    }
}
