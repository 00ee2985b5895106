package dev.forge.redis.test.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProxyFlowTest {

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    @Timeout(30)
    void keepsBytesUntilItsReceiverIsConnected() throws IOException {
        ServerSocketChannel senders = listener(8);
        SocketChannel sender = kept(SocketChannel.open(senders.getLocalAddress()));
        SocketChannel source = kept(senders.accept());
        ServerSocketChannel receivers = listener(1);
        SocketChannel sink = pending(receivers);
        ProxyFlow flow = new ProxyFlow(source, sink, new Faults());

        sender.write(bytes("PING"));
        flow.read(ByteBuffer.allocate(64 * 1024));

        assertThat(flow.wantsToWrite()).isTrue();
        assertThat(flow.nextArrival()).isEqualTo(Long.MAX_VALUE);
        SocketChannel receiver = accepted(receivers, sink.getLocalAddress());
        assertThat(sink.finishConnect()).isTrue();
        flow.flush(System.nanoTime());
        assertThat(flow.wantsToWrite()).isFalse();
        ByteBuffer received = ByteBuffer.allocate(4);
        assertThat(receiver.read(received)).isEqualTo(4);
        assertThat(received.flip()).isEqualTo(bytes("PING"));
    }

    private SocketChannel accepted(ServerSocketChannel receivers, SocketAddress from) throws IOException {
        receivers.configureBlocking(true);
        while (true) {
            SocketChannel next = kept(receivers.accept());
            if (next.getRemoteAddress().equals(from)) {
                return next;
            }
        }
    }

    /** Returns a channel that is not connected until {@code receivers} has accepted others. */
    private SocketChannel pending(ServerSocketChannel receivers) throws IOException {
        receivers.configureBlocking(false);
        for (int i = 0; i < 100; i++) {
            SocketChannel next = kept(SocketChannel.open());
            next.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .configureBlocking(false);
            if (!next.connect(receivers.getLocalAddress()) && !next.finishConnect()) {
                return next;
            }
        }
        throw new AssertionError("the backlog has no end");
    }

    private ServerSocketChannel listener(int backlog) throws IOException {
        ServerSocketChannel channel = kept(ServerSocketChannel.open());
        return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
    }

    private <T extends AutoCloseable> T kept(T resource) {
        open.add(resource);
        return resource;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(US_ASCII));
    }
}
