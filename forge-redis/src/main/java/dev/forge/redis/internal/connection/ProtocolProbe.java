package dev.forge.redis.internal.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.internal.protocol.ServerBytes;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends a server one request on a separate connection, and returns the first bytes of the reply; sends no secret. */
final class ProtocolProbe extends ChannelInboundHandlerAdapter {

    private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);

    // The shortest ClientHello of TLS 1.2 (RFC 5246, section 7.4.1.2). The server need not accept it: an alert is a
    // reply too.
    private static final byte[] CLIENT_HELLO = HexFormat.of()
            .parseHex(
                    "1603010035" + "01000031" + "0303" + "5a".repeat(32) + "00" + "000ac02fc02bc030c02c002f" + "0100");

    private final byte[] question;
    private final Duration time;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

    private ProtocolProbe(byte[] question, Duration time) {
        this.question = question;
        this.time = time;
    }

    /** Sends PING in plain text; fails if there is no reply within {@code time}. */
    static CompletableFuture<byte[]> plain(EventLoop loop, InetSocketAddress address, Duration time) {
        return new ProtocolProbe(PING, time).ask(loop, address);
    }

    /** Starts a TLS handshake; fails if there is no reply within {@code time}. */
    static CompletableFuture<byte[]> tls(EventLoop loop, InetSocketAddress address, Duration time) {
        return new ProtocolProbe(CLIENT_HELLO, time).ask(loop, address);
    }

    private CompletableFuture<byte[]> ask(EventLoop loop, InetSocketAddress address) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(time.toMillis()))
                .handler(this);
        bootstrap.connect(address).addListener(connected -> {
            if (!connected.isSuccess()) {
                answer.completeExceptionally(connected.cause());
            }
        });
        return answer;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.wrappedBuffer(question));
        var unused = context.executor()
                .schedule(
                        () -> {
                            answer.completeExceptionally(new TimeoutException());
                            context.close();
                        },
                        time.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            answer.complete(ServerBytes.peek(bytes));
        }
        ReferenceCountUtil.release(message);
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        answer.completeExceptionally(new EOFException("closed without an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        answer.completeExceptionally(cause);
        context.close();
    }
}
