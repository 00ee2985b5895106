package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.settings.RedisEndpoint;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.resource.ClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The Lettuce client, extended by pipelined connections and Unix domain sockets.
 *
 * <p>It returns the {@link PipelinedConnection} of each connection. It connects to a Unix domain socket through the
 * JDK, which supports that since version 16; Lettuce alone would need a native transport.
 */
public final class LettuceConnector extends RedisClient {

    private final PipelineInstaller installer;
    private final @Nullable SocketAddress socket;

    // Set only during a call of connectAsync, for what it makes; guarded by this.
    private @Nullable PipelinedConnection expected;
    private Duration patience = Duration.ZERO;
    private @Nullable HostAddresses addresses;
    private @Nullable Endpoint made;

    LettuceConnector(
            ClientResources resources, PipelineInstaller installer, RedisEndpoint endpoint, ClientOptions options) {
        super(resources, RedisURI.create("localhost", RedisURI.DEFAULT_REDIS_PORT));
        this.installer = installer;
        this.socket = endpoint instanceof RedisEndpoint.Socket unix ? UnixDomainSocketAddress.of(unix.path()) : null;
        setOptions(options);
    }

    /**
     * Connects to the first address of the host at which a server accepts. When the result completes, the pipelined
     * connection is installed and {@code pushes} receives push messages.
     *
     * @param pipeline makes a pipelined connection for each attempt
     */
    CompletionStage<PipelinedConnection> connect(
            RedisURI uri, Supplier<PipelinedConnection> pipeline, PushListener pushes) {
        return connect(uri, pipeline, pushes, new HostAddresses(uri.getTimeout()));
    }

    private CompletionStage<PipelinedConnection> connect(
            RedisURI uri, Supplier<PipelinedConnection> pipeline, PushListener pushes, HostAddresses among) {
        return connectOnce(uri, pipeline.get(), pushes, among).exceptionallyCompose(thrown -> {
            Throwable failure = Futures.unwrapped(thrown);
            return among.goOn(failure)
                    ? connect(uri, pipeline, pushes, among)
                    : CompletableFuture.failedStage(among.summary(failure));
        });
    }

    private synchronized CompletionStage<PipelinedConnection> connectOnce(
            RedisURI uri, PipelinedConnection pipeline, PushListener pushes, HostAddresses among) {
        expected = pipeline;
        patience = uri.getTimeout();
        addresses = socket == null ? among : null;
        try {
            CompletableFuture<PipelinedConnection> connecting = connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .toCompletableFuture()
                    .thenApply(connection -> {
                        connection.addListener(pushes);
                        // The client keeps every connection, even a dead one, until it is closed.
                        pipeline.releaseBy(() -> forget(connection));
                        return pipeline;
                    });
            Endpoint endpoint = made;
            return endpoint == null
                    ? connecting
                    : connecting
                            .exceptionallyCompose(failure ->
                                    installer.explained(endpoint, failure).thenCompose(CompletableFuture::failedStage))
                            .whenComplete((connected, failure) -> installer.forget(endpoint));
        } finally {
            expected = null;
            made = null;
            addresses = null;
        }
    }

    private static void forget(StatefulRedisConnection<?, ?> connection) {
        // When the client shuts down it closes its connections itself, and would log a warning about a second close.
        if (connection instanceof RedisChannelHandler<?, ?> handler && !handler.isClosed()) {
            connection.closeAsync();
        }
    }

    /** Returns how many connections the client holds. */
    @Override
    protected int getResourceCount() {
        return super.getResourceCount();
    }

    @Override
    protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(
            RedisChannelWriter writer, PushHandler push, RedisCodec<K, V> codec, Duration timeout) {
        synchronized (this) {
            if (expected != null && push instanceof Endpoint endpoint) {
                made = endpoint;
                installer.expect(endpoint, expected, patience);
            }
        }
        return super.newStatefulRedisConnection(writer, push, codec, timeout);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> address, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        HostAddresses among;
        synchronized (this) {
            among = addresses;
        }
        if (socket == null) {
            super.connectionBuilder(among == null ? address : next(among, builder, uri), builder, events, uri);
            return;
        }
        super.connectionBuilder(Mono.just(socket), builder, events, uri);
        EventLoopGroup group = builder.bootstrap().config().group();
        builder.bootstrap(new Bootstrap()
                .group(group)
                .channel(NioDomainSocketChannel.class)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(getOptions()
                                .getSocketOptions()
                                .getConnectTimeout()
                                .toMillis())));
    }

    /** Returns the next address, and limits the attempt to its share of the connect timeout. */
    private Mono<SocketAddress> next(HostAddresses among, ConnectionBuilder builder, RedisURI uri) {
        return Mono.fromCompletionStage(() -> among.next(
                        uri.getHost(),
                        uri.getPort(),
                        () -> builder.bootstrap().config().group().next(),
                        getResources().addressResolverGroup())
                .thenApply(chosen -> {
                    builder.timeout(among.share());
                    builder.bootstrap()
                            .option(
                                    ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                    Math.toIntExact(among.share().toMillis()));
                    return chosen;
                }));
    }
}
