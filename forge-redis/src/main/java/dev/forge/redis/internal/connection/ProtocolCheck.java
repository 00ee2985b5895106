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
 * Checks the first bytes that a server sends on a new connection, and explains what is wrong with them.
 *
 * <p>The first reply must be the one to {@code HELLO}: a map, or an error. Anything else is not from a Redis server,
 * and is shown. If the server closes the connection or does not reply, {@link ProtocolProbe} tries once, on another
 * connection, whether it speaks TLS where we do not, or plain text where we use TLS.
 *
 * <p>The check removes itself from the pipeline once the first bytes are right.
 */
final class ProtocolCheck {

    static final String SPEAKS_TLS = "the server speaks TLS; use rediss:// instead of redis://";
    static final String SPEAKS_NO_TLS = "the server does not speak TLS; use redis:// instead of rediss://";
    private static final String NO_ANSWER = "the server closed the connection without an answer";

    private static final String NO_ANSWER_TO_TLS = "the server closed the connection after the TLS handshake without an"
            + " answer; check whether it requires or rejects a client certificate";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(1);

    private final Duration patience;
    private final ProbeMemory probes;

    private volatile @Nullable Throwable reason;
    private volatile boolean heard;
    private volatile boolean answered;
    private volatile boolean closedUnheard;
    private volatile boolean tls;

    // The address of the server, set on connecting; null for a Unix domain socket.
    private volatile @Nullable InetSocketAddress address;
    private volatile @Nullable EventLoop loop;

    /**
     * @param patience how long the attempt to connect may take
     * @param probes results of earlier probes
     */
    ProtocolCheck(Duration patience, ProbeMemory probes) {
        this.patience = patience;
        this.probes = probes;
    }

    /** Adds the handlers of this check to the pipeline of a connection that is about to be made. */
    void install(ChannelPipeline pipeline) {
        ChannelHandlerContext encryption = pipeline.context(SslHandler.class);
        tls = encryption != null;
        if (encryption != null) {
            pipeline.addAfter(encryption.name(), null, new FirstReply());
        }
        pipeline.addFirst(encryption == null ? new FirstReply() : new FirstRecord());
    }

    /** Returns what is wrong with the first bytes, or null. */
    @Nullable
    Throwable reason() {
        return reason;
    }

    /** Returns why connecting failed, where the client reports {@code failure}; may probe the server once. */
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

    private void refuse(ChannelHandlerContext context, String why) {
        note(new ExplainedException(why));
        context.close();
    }

    private void connected(Channel channel) {
        loop = channel.eventLoop();
        address = channel.remoteAddress() instanceof InetSocketAddress internet ? internet : null;
    }

    private void closed() {
        closedUnheard = !answered && reason == null;
    }

    /** Checks the reply to HELLO, after decryption. */
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

    /** Checks the first TLS record of the server, before decryption. */
    private final class FirstRecord extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected(context.channel());
            Duration half = patience.dividedBy(2);
            Duration wait = half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
            var unused = context.executor().schedule(() -> askInPlain(context), wait.toMillis(), TimeUnit.MILLISECONDS);
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

        /** Probes in plain text: a Redis server takes the ClientHello for an incomplete command, and waits. */
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
