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
 * The client of Lettuce, taught two things: to hand out the {@link Outbox} of a connection, and to connect to a Unix domain
 * socket by what the JDK offers since version 16, for which it would otherwise need a native transport.
 */
public final class OutboxClient extends RedisClient {

    private final Outboxes outboxes;
    private final @Nullable SocketAddress socket;

    // What connectAsync makes, from the beginning of the call to its end; guarded by this.
    private @Nullable Outbox expected;
    private Duration patience = Duration.ZERO;
    private @Nullable HostAddresses addresses;
    private @Nullable Endpoint made;

    OutboxClient(ClientResources resources, Outboxes outboxes, RedisEndpoint endpoint, ClientOptions options) {
        super(resources, RedisURI.create("localhost", RedisURI.DEFAULT_REDIS_PORT));
        this.outboxes = outboxes;
        this.socket = endpoint instanceof RedisEndpoint.Socket unix ? UnixDomainSocketAddress.of(unix.path()) : null;
        setOptions(options);
    }

    /**
     * Connects to the first of the addresses of the host that leads to a server; once the result is there, the outbox is part of
     * the connection, and {@code pushes} listens.
     *
     * @param outbox makes one for each attempt
     */
    CompletionStage<Outbox> connect(RedisURI uri, Supplier<Outbox> outbox, PushListener pushes) {
        return connect(uri, outbox, pushes, new HostAddresses(uri.getTimeout()));
    }

    private CompletionStage<Outbox> connect(
            RedisURI uri, Supplier<Outbox> outbox, PushListener pushes, HostAddresses among) {
        return connectOnce(uri, outbox.get(), pushes, among).exceptionallyCompose(thrown -> {
            Throwable failure = Futures.unwrapped(thrown);
            return among.goOn(failure)
                    ? connect(uri, outbox, pushes, among)
                    : CompletableFuture.failedStage(among.summary(failure));
        });
    }

    private synchronized CompletionStage<Outbox> connectOnce(
            RedisURI uri, Outbox outbox, PushListener pushes, HostAddresses among) {
        expected = outbox;
        patience = uri.getTimeout();
        addresses = socket == null ? among : null;
        try {
            CompletableFuture<Outbox> connecting = connectAsync(ByteArrayCodec.INSTANCE, uri)
                    .toCompletableFuture()
                    .thenApply(connection -> {
                        connection.addListener(pushes);
                        // The client keeps every connection, however dead, until it is told.
                        outbox.releaseBy(() -> forget(connection));
                        return outbox;
                    });
            Endpoint endpoint = made;
            return endpoint == null
                    ? connecting
                    : connecting
                            .exceptionallyCompose(failure ->
                                    outboxes.explained(endpoint, failure).thenCompose(CompletableFuture::failedStage))
                            .whenComplete((connected, failure) -> outboxes.forget(endpoint));
        } finally {
            expected = null;
            made = null;
            addresses = null;
        }
    }

    private static void forget(StatefulRedisConnection<?, ?> connection) {
        // When the client itself ends, it has closed the connection, and would warn of a second time.
        if (connection instanceof RedisChannelHandler<?, ?> handler && !handler.isClosed()) {
            connection.closeAsync();
        }
    }

    /** Returns how many connections the client keeps. */
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
                outboxes.expect(endpoint, expected, patience);
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

    /** Returns the next address, and has it connected to within its part of the time. */
    private Mono<SocketAddress> next(HostAddresses among, ConnectionBuilder builder, RedisURI uri) {
        return Mono.fromCompletionStage(() -> among.next(
                        uri.getHost(),
                        uri.getPort(),
                        builder.bootstrap().config().group().next(),
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
