package dev.forge.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.internal.route.ClusterView;
import dev.forge.redis.test.EmbeddedRedis;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The single address of a managed cluster. It forwards requests to a server, and answers some with {@code MOVED} to
 * this same address, as such services do while they replace the nodes behind it.
 */
final class MovedFront implements AutoCloseable {

    private final ServerSocket listening;
    private final EmbeddedRedis server;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicInteger moved = new AtomicInteger();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final String key;
    private final int slot;

    private volatile boolean closes;

    /** @param key the text that a request must hold to get that answer */
    MovedFront(String key, int slot) {
        this.key = key;
        this.slot = slot;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.server = EmbeddedRedis.builder()
                .option("cluster-enabled", "yes")
                .option("cluster-announce-ip", "127.0.0.1")
                .option("cluster-announce-port", String.valueOf(listening.getLocalPort()))
                .start();
        server.command(Stream.concat(
                        Stream.of("CLUSTER", "ADDSLOTS"),
                        IntStream.range(0, ClusterView.SLOTS).mapToObj(String::valueOf))
                .toArray(String[]::new));
        start(this::accept);
    }

    String url() {
        return "redis-cluster://127.0.0.1:" + listening.getLocalPort();
    }

    EmbeddedRedis server() {
        return server;
    }

    /** Answers the next {@code times} requests with MOVED, and then closes the connection if {@code closes}. */
    void move(int times, boolean closes) {
        this.closes = closes;
        left.set(times);
    }

    int connections() {
        return connections.get();
    }

    int moved() {
        return moved.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                connections.incrementAndGet();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** Forwards one request after the other, so that no answer from here overtakes one of the server. */
    private void serve(Socket client) {
        sockets.add(client);
        try (client;
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setTcpNoDelay(true);
            behind.setTcpNoDelay(true);
            DataInputStream requests = input(client);
            DataInputStream replies = input(behind);
            OutputStream answers = client.getOutputStream();
            while (true) {
                byte[] request = frame(requests);
                if (new String(request, ISO_8859_1).contains(key) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    moved.incrementAndGet();
                    answers.write(
                            ("-MOVED " + slot + " 127.0.0.1:" + listening.getLocalPort() + "\r\n").getBytes(US_ASCII));
                    if (closes) {
                        return;
                    }
                } else {
                    behind.getOutputStream().write(request);
                    answers.write(frame(replies));
                }
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private static DataInputStream input(Socket socket) throws IOException {
        return new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    private static byte[] frame(DataInputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(in, out);
        return out.toByteArray();
    }

    private static void frame(DataInputStream in, ByteArrayOutputStream out) throws IOException {
        char type = (char) in.readByte();
        StringBuilder line = new StringBuilder();
        for (char next = (char) in.readByte(); next != '\r'; next = (char) in.readByte()) {
            line.append(next);
        }
        in.readByte();
        out.writeBytes((type + line.toString() + "\r\n").getBytes(ISO_8859_1));
        if ("$=!".indexOf(type) >= 0 && line.charAt(0) != '-') {
            out.writeBytes(in.readNBytes(Integer.parseInt(line.toString()) + 2));
        } else if ("*~>%".indexOf(type) >= 0) {
            int parts = Integer.parseInt(line.toString()) * (type == '%' ? 2 : 1);
            for (int i = 0; i < parts; i++) {
                frame(in, out);
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            server.close();
        }
    }
}
