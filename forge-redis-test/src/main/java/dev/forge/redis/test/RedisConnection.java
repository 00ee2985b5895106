package dev.forge.redis.test;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A raw connection to a server: just enough of the protocol to see that it is there, and to empty it. */
final class RedisConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;

    private RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects; {@code timeout} bounds that, and then the wait for each part of a reply. */
    static RedisConnection open(int port, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(loopback(), port), millis);
            socket.setSoTimeout(millis);
            return new RedisConnection(socket);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /**
     * Sends a command and waits for its reply.
     *
     * @return the content of a bulk string, else the reply's line with its type: {@code +PONG}, {@code -NOAUTH …}
     */
    String call(String... command) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(bytes("*" + command.length + "\r\n"));
        for (String argument : command) {
            byte[] content = bytes(argument);
            request.writeBytes(bytes("$" + content.length + "\r\n"));
            request.writeBytes(content);
            request.writeBytes(bytes("\r\n"));
        }
        socket.getOutputStream().write(request.toByteArray());

        String line = readLine();
        if (!line.startsWith("$") || line.equals("$-1")) {
            return line;
        }
        byte[] content = input.readNBytes(Integer.parseInt(line.substring(1)));
        readLine();
        return new String(content, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }
}
