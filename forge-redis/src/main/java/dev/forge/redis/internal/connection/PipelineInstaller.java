package dev.forge.redis.internal.connection;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.protocol.Endpoint;
import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Adds the {@link ConnectionHandler} of a new connection to its Netty pipeline, next to the network. */
final class PipelineInstaller implements NettyCustomizer {

    private final Map<Endpoint, Attempt> expected = new ConcurrentHashMap<>();
    private final ProbeMemory probes = new ProbeMemory();

    /** A connection that is being made. */
    private static final class Attempt {
        private final PipelinedConnection pipeline;
        private final ProtocolCheck check;
        private volatile CompletableFuture<Void> login = new CompletableFuture<>();

        private Attempt(PipelinedConnection pipeline, ProtocolCheck check) {
            this.pipeline = pipeline;
            this.check = check;
        }
    }

    /** @param patience how long the attempt to connect may take */
    void expect(Endpoint endpoint, PipelinedConnection pipeline, Duration patience) {
        expected.put(endpoint, new Attempt(pipeline, new ProtocolCheck(patience, probes)));
    }

    void forget(Endpoint endpoint) {
        expected.remove(endpoint);
    }

    /** Returns why the connection of {@code endpoint} could not be made, where the client reports {@code failure}. */
    Throwable reason(Endpoint endpoint, Throwable failure) {
        Attempt attempt = expected.get(endpoint);
        if (attempt == null) {
            return failure;
        }
        Throwable seen = attempt.check.reason();
        // If the login fails at once, the client misses that failure and reports only a missing handshake.
        return seen != null
                ? seen
                : attempt.login
                        .handle((done, reason) -> reason == null ? failure : reason)
                        .getNow(failure);
    }

    /** Returns the same as {@link #reason}, and probes the server again where that helps. */
    CompletionStage<Throwable> explained(Endpoint endpoint, Throwable failure) {
        Attempt attempt = expected.get(endpoint);
        Throwable reason = reason(endpoint, failure);
        return attempt == null ? CompletableFuture.completedFuture(reason) : attempt.check.explained(reason);
    }

    @Override
    public void afterChannelInitialized(Channel channel) {
        SslHandler encryption = channel.pipeline().get(SslHandler.class);
        if (encryption != null) {
            nameServer(encryption.engine());
        }
        Attempt attempt =
                expected.get(channel.pipeline().get(CommandHandler.class).getEndpoint());
        if (attempt == null) {
            return;
        }
        attempt.login = channel.pipeline()
                .get(RedisHandshakeHandler.class)
                .channelInitialized()
                .toCompletableFuture();
        ConnectionHandler handler = new ConnectionHandler(attempt.pipeline);
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.pipeline().addFirst(handler);
        } else {
            channel.pipeline().addAfter(tls.name(), null, handler);
        }
        attempt.check.install(channel.pipeline());
    }

    /** Sets the server name (SNI) where the JDK does not: it omits names without a dot. */
    private static void nameServer(SSLEngine engine) {
        String host = engine.getPeerHost();
        if (host == null || NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return;
        }
        try {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            engine.setSSLParameters(parameters);
        } catch (IllegalArgumentException e) {
            // Not a valid SNI name: none is sent.
        }
    }
}
