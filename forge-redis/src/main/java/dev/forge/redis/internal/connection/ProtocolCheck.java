package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.ServerBytes;
import dev.forge.redis.internal.tls.ExplainedException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes that a server sends on a new connection, and says what is wrong with them.
 *
 * <p>The first answer is the one to {@code HELLO}: a map, or an error. Anything else is not from a Redis server, and is shown.
 * Where a server only closes the connection or keeps silent, it is asked once more on another connection, by
 * {@link ProtocolProbe}, whether it speaks TLS although it should not, or the reverse.
 *
 * <p>It leaves the pipeline when the first bytes have been right.
 */
final class ProtocolCheck {

    static final String SPEAKS_TLS = "the server speaks TLS; use rediss:// instead of redis://";
    static final String SPEAKS_NO_TLS = "the server does not speak TLS; use redis:// instead of rediss://";
    private static final String NO_ANSWER = "the server closed the connection without an answer";

    private static final String NO_ANSWER_TO_TLS = "the server closed the connection after the TLS handshake without an"
            + " answer; see whether it demands or refuses a certificate of the client";

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

    private final Duration patience;
    private final ProbeMemory probes;

    private volatile @Nullable Throwable reason;
    private volatile boolean heard;
    private volatile boolean answered;
    private volatile boolean closedUnheard;
    private volatile boolean tls;

    // Where it is connected to, from the moment at which it is; null for a socket of this machine.
    private volatile @Nullable InetSocketAddress address;
    private volatile @Nullable EventLoop loop;

    /**
     * @param patience how long the attempt to connect may take
     * @param probes what is known of servers that were asked
     */
    ProtocolCheck(Duration patience, ProbeMemory probes) {
        this.patience = patience;
        this.probes = probes;
    }

    /** Puts itself into the pipeline of a connection that is about to be made. */
    void install(ChannelPipeline pipeline) {
        ChannelHandlerContext encryption = pipeline.context(SslHandler.class);
        tls = encryption != null;
        if (encryption != null) {
            pipeline.addAfter(encryption.name(), null, new FirstReply());
        }
        pipeline.addFirst(encryption == null ? new FirstReply() : new FirstRecord());
    }

    /** Returns what was seen to be wrong, or null. */
    @Nullable
    Throwable reason() {
        return reason;
    }

    /** Returns why there is no connection, where the client says {@code failure}; may ask the server once more. */
    CompletionStage<Throwable> explained(Throwable failure) {
        if (!closedUnheard) {
            return CompletableFuture.completedFuture(failure);
        }
        Throwable noAnswer = new ExplainedException(heard ? NO_ANSWER_TO_TLS : NO_ANSWER, failure);
        EventLoop connectedOn = loop;
        InetSocketAddress connectedTo = address;
        if (tls || connectedOn == null || connectedTo == null) {
            return CompletableFuture.completedFuture(noAnswer);
        }
        return probes.speaksTls(
                        connectedTo,
                        () -> ProtocolProbe.tls(connectedOn, connectedTo, probeTime())
                                .handle((answer, thrown) -> answer != null && ServerBytes.isTls(answer)))
                .thenApply(speaksTls -> speaksTls ? new ExplainedException(SPEAKS_TLS, failure) : noAnswer);
    }

    private Duration probeTime() {
        Duration quarter = patience.dividedBy(4);
        return quarter.compareTo(LONGEST_PROBE) < 0 ? quarter : LONGEST_PROBE;
    }

    private void note(Throwable why) {
        if (reason == null) {
            reason = why;
        }
    }

    private void refuse(ChannelHandlerContext context, String arguments) {
        note(new ExplainedException(arguments));
        context.close();
    }

    private void connected(Channel channel) {
        loop = channel.eventLoop();
        address = channel.remoteAddress() instanceof InetSocketAddress internet ? internet : null;
    }

    private void closed() {
        closedUnheard = !answered && reason == null;
    }

    /** Sees the answer to HELLO, decrypted. */
    private final class FirstReply extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected(context.channel());
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
                context.fireChannelRead(message);
                return;
            }
            heard = true;
            if (reason instanceof ExplainedException) {
                ReferenceCountUtil.release(message);
            } else if (ServerBytes.mayAnswerHello(ServerBytes.peek(bytes))) {
                answered = true;
                context.pipeline().remove(this);
                context.fireChannelRead(message);
            } else {
                byte[] first = ServerBytes.peek(bytes);
                ReferenceCountUtil.release(message);
                refuse(
                        context,
                        !tls && ServerBytes.isTls(first)
                                ? SPEAKS_TLS
                                : "this is not a Redis server: it answered " + ServerBytes.shown(first));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof SocketException) {
                closed();
            } else {
                note(cause);
            }
            context.fireExceptionCaught(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            closed();
            context.fireChannelInactive();
        }
    }

    /** Sees the first record of the server, where the connection is to be encrypted. */
    private final class FirstRecord extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected(context.channel());
            Duration half = patience.dividedBy(2);
            Duration silence = half.compareTo(LONGEST_SILENCE) < 0 ? half : LONGEST_SILENCE;
            var unused =
                    context.executor().schedule(() -> askInPlain(context), silence.toMillis(), TimeUnit.MILLISECONDS);
            context.fireChannelActive();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
                context.fireChannelRead(message);
                return;
            }
            heard = true;
            byte[] first = ServerBytes.peek(bytes);
            if (ServerBytes.isTls(first)) {
                context.pipeline().remove(this);
                context.fireChannelRead(message);
                return;
            }
            ReferenceCountUtil.release(message);
            refuse(
                    context,
                    ServerBytes.isRedis(first)
                            ? SPEAKS_NO_TLS
                            : "the server does not speak TLS: it answered " + ServerBytes.shown(first));
        }

        /** A Redis server waits for the rest of what it takes for a command, and says nothing. */
        private void askInPlain(ChannelHandlerContext context) {
            InetSocketAddress connectedTo = address;
            if (heard || connectedTo == null || !context.channel().isActive()) {
                return;
            }
            ProtocolProbe.plain(context.channel().eventLoop(), connectedTo, probeTime())
                    .thenAccept(answer -> {
                        if (!heard && ServerBytes.isRedis(answer)) {
                            refuse(context, SPEAKS_NO_TLS);
                        }
                    });
        }
    }
}
