package dev.forge.redis;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Puts the {@link Outbox} of a connection that is being made into its pipeline, next to the network. */
final class Outboxes implements NettyCustomizer {

    private final Map<Endpoint, Outbox> expected = new ConcurrentHashMap<>();

    void expect(Endpoint endpoint, Outbox outbox) {
        expected.put(endpoint, outbox);
    }

    void forget(Endpoint endpoint) {
        expected.remove(endpoint);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        Outbox outbox =
                expected.get(channel.pipeline().get(CommandHandler.class).getEndpoint());
        if (outbox == null) {
            return;
        }
        outbox.logsIn(channel.pipeline().get(RedisHandshakeHandler.class).channelInitialized());
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(outbox);
        } else {
            channel.pipeline().addAfter(tls.name(), null, outbox);
        }
    }
}
