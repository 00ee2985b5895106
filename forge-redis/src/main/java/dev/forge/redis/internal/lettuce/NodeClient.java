package dev.forge.redis.internal.lettuce;

import dev.forge.redis.settings.RedisEndpoint;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A Lettuce client that connects to a Unix domain socket through the JDK, which supports that since version 16; Lettuce
 * alone would need a native transport.
 */
final class NodeClient extends RedisClient {

    private final @Nullable SocketAddress socket;

    NodeClient(ClientResources resources, RedisEndpoint endpoint, ClientOptions options) {
        super(resources, RedisURI.create("localhost", RedisURI.DEFAULT_REDIS_PORT));
        this.socket = endpoint instanceof RedisEndpoint.Socket unix ? UnixDomainSocketAddress.of(unix.path()) : null;
        setOptions(options);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> address, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        if (socket == null) {
            super.connectionBuilder(address, builder, events, uri);
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
}
