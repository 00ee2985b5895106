package dev.forge.redis.test.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A raw connection to a server: just enough of the protocol to control it. Internal. */
public final class RedisConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream input;
    private Charset charset = StandardCharsets.UTF_8;

    private RedisConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects; {@code timeout} bounds that, and then the wait for each part of a reply. */
    public static RedisConnection open(int port, Duration timeout) throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        Socket socket = new Socket();
        try {
            socket.connect(loopback(port), millis);
            socket.setSoTimeout(millis);
            return new RedisConnection(socket);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Connects as a user with all permissions. */
    public static RedisConnection open(ServerConfiguration configuration, Duration timeout) throws IOException {
        RedisConnection connection = open(configuration.plainPort(), timeout);
        try {
            List<String> credentials = configuration.credentials();
            if (!credentials.isEmpty()) {
                connection.call(
                        Stream.concat(Stream.of("AUTH"), credentials.stream()).toArray(String[]::new));
            }
            return connection;
        } catch (IOException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Sends one command on a connection of its own, as a user with all permissions: see {@link #text}. */
    public static String ask(ServerConfiguration configuration, Duration timeout, String... command)
            throws IOException {
        try (RedisConnection connection = open(configuration, timeout)) {
            return connection.text(command);
        } catch (IOException failure) {
            throw new IOException(
                    command[0] + " on " + configuration.url() + " failed: " + failure.getMessage(), failure);
        }
    }

    /** From now on a character is a byte, so that keys that are not text stay unchanged. */
    public RedisConnection inBytes() {
        charset = StandardCharsets.ISO_8859_1;
        return this;
    }

    /** Bounds the wait for each part of a reply from now on. */
    public void timeout(Duration timeout) throws IOException {
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    }

    /** Sends a command and waits for its reply: see {@link #receive}. */
    public String call(String... command) throws IOException {
        send(command);
        return receive();
    }

    /** Sends a command and does not wait. */
    public void send(String... command) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(bytes("*" + command.length + "\r\n"));
        for (String argument : command) {
            byte[] content = bytes(argument);
            request.writeBytes(bytes("$" + content.length + "\r\n"));
            request.writeBytes(content);
            request.writeBytes(bytes("\r\n"));
        }
        socket.getOutputStream().write(request.toByteArray());
    }

    /**
     * Waits for the next reply.
     *
     * @return the content of a bulk string, or else the reply's line with its type: {@code +PONG}, {@code -NOAUTH …}
     */
    public String receive() throws IOException {
        String line = readLine();
        return isBulk(line) ? readBulk(line) : line;
    }

    /**
     * Sends a command and waits for its whole reply.
     *
     * @return the elements of an array, with nested arrays flattened, or the only element of another reply; each
     *     without its type, nil as an empty string
     * @throws IOException if the connection fails, or the reply is an error, which becomes the message
     */
    public List<String> list(String... command) throws IOException {
        send(command);
        String line = readLine();
        if (line.startsWith("-")) {
            throw new IOException(line.substring(1));
        }
        List<String> elements = new ArrayList<>();
        read(line, elements);
        return elements;
    }

    /** Like {@link #list}, with each element on a line of its own. */
    public String text(String... command) throws IOException {
        return String.join("\n", list(command));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void read(String line, List<String> elements) throws IOException {
        if (line.startsWith("*")) {
            for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
                read(readLine(), elements);
            }
        } else if (isBulk(line)) {
            elements.add(readBulk(line));
        } else {
            elements.add(line.startsWith("$") ? "" : line.substring(1));
        }
    }

    private static boolean isBulk(String line) {
        return line.startsWith("$") && !line.equals("$-1");
    }

    private String readBulk(String line) throws IOException {
        int length = Integer.parseInt(line.substring(1));
        byte[] content = input.readNBytes(length);
        if (content.length < length) {
            throw new EOFException("the server closed the connection");
        }
        readLine();
        return new String(content, charset);
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

    private byte[] bytes(String text) {
        return text.getBytes(charset);
    }

    /** A port of 127.0.0.1. */
    public static InetSocketAddress loopback(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        } catch (UnknownHostException impossible) { // Four bytes are an address.
            throw new IllegalStateException(impossible);
        }
    }
}
