package dev.forge.redis.test.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;

/** One connection through a proxy: a client, the server, and a flow each way. Used by the loop's thread only. */
final class ProxyLink {
    private final SocketChannel client;
    private final SocketChannel server;
    private final SelectionKey clientKey;
    private final SelectionKey serverKey;
    private final ProxyFlow requests;
    private final ProxyFlow replies;
    private boolean connected;
    private boolean blackHoled;
    private boolean ignored;

    private ProxyLink(SocketChannel client, SocketChannel server, Selector selector, Faults out, Faults back)
            throws IOException {
        this.client = client;
        this.server = server;
        for (SocketChannel channel : List.of(client, server)) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        this.clientKey = client.register(selector, 0, this);
        this.serverKey = server.register(selector, 0, this);
        this.requests = new ProxyFlow(client, server, out);
        this.replies = new ProxyFlow(server, client, back);
    }

    /** Starts to connect a client that has been accepted; {@code ignored} if it must never receive anything. */
    static ProxyLink open(
            SocketChannel client, InetSocketAddress target, Selector selector, Faults out, Faults back, boolean ignored)
            throws IOException {
        SocketChannel server = SocketChannel.open();
        try {
            ProxyLink link = new ProxyLink(client, server, selector, out, back);
            if (ignored) {
                link.ignored = true;
                link.requests.blackHole();
                link.replies.blackHole();
            }
            link.attempt(() -> link.connected = server.connect(target));
            link.refresh();
            return link;
        } catch (IOException failure) {
            server.close();
            throw failure;
        }
    }

    /** Handles what one of its sockets is ready for. */
    void ready(SelectionKey key, ByteBuffer buffer) {
        boolean isServer = key.equals(serverKey);
        ProxyFlow in = isServer ? replies : requests;
        ProxyFlow out = isServer ? requests : replies;
        attempt(() -> {
            if (key.isValid() && key.isConnectable()) {
                connected = server.finishConnect();
            }
            if (key.isValid() && key.isWritable()) {
                out.flush(System.nanoTime());
            }
            if (key.isValid() && key.isReadable()) {
                switch (in.read(buffer)) {
                    case READ -> {}
                    case CUT -> cut();
                    case RESET -> reset();
                }
            }
        });
        refresh();
    }

    /** The server has ended. A client that continues gets no RST, which could overtake the last bytes. */
    private void cut() throws IOException {
        server.close();
        requests.blackHole();
    }

    /** Delivers what is due. */
    void flush(long now) {
        attempt(() -> {
            requests.flush(now);
            replies.flush(now);
        });
        refresh();
    }

    /** Registers for the events that matter now. */
    void refresh() {
        if (requests.isOver() && (replies.isOver() || replies.losesBytes())) {
            close();
        }
        interest(
                clientKey,
                (requests.wantsToRead(connected) ? SelectionKey.OP_READ : 0)
                        | (replies.wantsToWrite() ? SelectionKey.OP_WRITE : 0));
        interest(
                serverKey,
                connected
                        ? (replies.wantsToRead(true) ? SelectionKey.OP_READ : 0)
                                | (requests.wantsToWrite() ? SelectionKey.OP_WRITE : 0)
                        : SelectionKey.OP_CONNECT);
    }

    private static void interest(SelectionKey key, int operations) {
        if (key.isValid() && key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }

    void blackHole() {
        blackHoled = true;
        requests.blackHole();
        replies.blackHole();
    }

    /** Continues without faults, or resets the connection if it was ignored or has lost bytes. */
    void heal() {
        if (!blackHoled && (ignored || requests.hasLostBytes() || replies.hasLostBytes())) {
            reset();
        } else {
            requests.hurry();
            replies.hurry();
        }
    }

    /** Closes both sides with RST. */
    void reset() {
        for (SocketChannel channel : List.of(client, server)) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException ignored) { // It is closed, or was never connected.
            }
        }
        close();
    }

    void close() {
        for (SocketChannel channel : List.of(client, server)) {
            try {
                channel.close();
            } catch (IOException ignored) { // It is closed as far as it can be.
            }
        }
    }

    boolean isOpen() {
        return client.isOpen();
    }

    /** When the next delayed bytes are due; {@link Long#MAX_VALUE} if there are none. */
    long nextArrival() {
        return Math.min(requests.nextArrival(), replies.nextArrival());
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException failure) {
            fail();
        }
    }

    /**
     * One side has closed the connection, and the other gets an RST. But an RST of the server is lost if replies are.
     * If it was the client that closed it, the next read shows that.
     */
    private void fail() {
        if (!replies.losesBytes() || !server.isOpen()) {
            reset();
            return;
        }
        replies.loseEnd();
        try {
            server.close();
        } catch (IOException ignored) { // It is closed as far as it can be.
        }
    }

    /** A part of the work that ends with its connection. */
    private interface Step {
        void run() throws IOException;
    }
}
