package dev.forge.redis.internal.lettuce;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.UnsupportedLibraryException;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
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

/** The connection for the user's own commands, by Lettuce: made on first use, separate from Forge's. */
public final class DirectClient {

    private final ConnectionFactory connectionFactory;
    private final LettuceClients clients;
    private final RedisEndpoint endpoint;

    // Guarded by this.
    private @Nullable AbstractRedisClient client;
    private @Nullable CompletableFuture<Commands> connecting;
    private boolean closed;

    /** @throws UnsupportedLibraryException if Lettuce is too old */
    public DirectClient(RedisSettings settings, ConnectionFactory connectionFactory) {
        SupportedLettuce.check();
        this.connectionFactory = connectionFactory;
        this.clients = new LettuceClients(settings, connectionFactory);
        this.endpoint = settings.endpoint();
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
                    .exceptionallyCompose(
                            failure -> CompletableFuture.failedFuture(failed(Futures.unwrapped(failure))));
        }
        return connecting;
    }

    private RedisFailure failed(Throwable thrown) {
        for (Throwable step = thrown; step != null; step = step.getCause()) {
            if (step instanceof RedisCommandExecutionException) {
                return Failures.refusedConnection(endpoint.toString(), String.valueOf(step.getMessage()));
            }
        }
        return Failures.connecting(endpoint.toString(), thrown);
    }

    private CompletionStage<Commands> connect() {
        if (endpoint instanceof RedisEndpoint.Cluster) {
            RedisClusterClient cluster = client instanceof RedisClusterClient made ? made : clients.forCluster();
            client = cluster;
            return connectionFactory
                    .prepared()
                    .thenCompose(login -> cluster.refreshPartitionsAsync())
                    .thenCompose(known -> cluster.connectAsync(StringCodec.UTF8))
                    .thenCompose(DirectClient::warmed)
                    .thenApply(DirectClient::commands);
        }
        RedisClient node = client instanceof RedisClient made ? made : clients.forNode();
        client = node;
        return connectionFactory
                .prepared()
                .thenCompose(login ->
                        node.connectAsync(StringCodec.UTF8, clients.uris().get(0)))
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

    /** Ends the connection and its threads; the result completes when they have ended. */
    public synchronized CompletableFuture<Void> close() {
        closed = true;
        CompletableFuture<Void> ended =
                client == null ? CompletableFuture.completedFuture(null) : client.shutdownAsync(0, 1, TimeUnit.SECONDS);
        // Whether or not the client has ended well.
        return ended.exceptionallyCompose(failure -> CompletableFuture.completedFuture(null))
                .thenCompose(done -> clients.close());
    }
}
