package dev.forge.redis;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Puts the {@link Outbox} of a connection that is being made into its pipeline, next to the network. */
final class Outboxes implements NettyCustomizer {

    private final Map<Endpoint, Attempt> expected = new ConcurrentHashMap<>();

    /** A connection that is being made. */
    private static final class Attempt {
        private final Outbox outbox;
        private volatile CompletableFuture<Void> login = new CompletableFuture<>();

        private Attempt(Outbox outbox) {
            this.outbox = outbox;
        }
    }

    void expect(Endpoint endpoint, Outbox outbox) {
        expected.put(endpoint, new Attempt(outbox));
    }

    void forget(Endpoint endpoint) {
        expected.remove(endpoint);
    }

    /** Returns why the connection of {@code endpoint} could not be made, where the client says {@code failure}. */
    Throwable reason(Endpoint endpoint, Throwable failure) {
        Attempt attempt = expected.get(endpoint);
        // A login that fails at once is gone before the client looks for it: then this is all that the client says.
        return attempt == null
                ? failure
                : attempt.login
                        .handle((done, reason) -> reason == null ? failure : reason)
                        .getNow(failure);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        Attempt attempt =
                expected.get(channel.pipeline().get(CommandHandler.class).getEndpoint());
        if (attempt == null) {
            return;
        }
        attempt.login = channel.pipeline()
                .get(RedisHandshakeHandler.class)
                .channelInitialized()
                .toCompletableFuture();
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(attempt.outbox);
        } else {
            channel.pipeline().addAfter(tls.name(), null, attempt.outbox);
        }
    }
}
