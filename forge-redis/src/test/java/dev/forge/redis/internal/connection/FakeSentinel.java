package dev.forge.redis.internal.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.Promises;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisEndpoint.Sentinels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/** A sentinel that names what a test says, as slowly as the test says. */
final class FakeSentinel implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    private volatile int primary;
    private volatile Duration delay = Duration.ZERO;

    /** @param primary the port of the primary on this machine */
    FakeSentinel(int primary) throws IOException {
        this.primary = primary;
        start(this::accept);
    }

    Sentinels endpoint() {
        return new Sentinels(List.of(new HostAndPort("127.0.0.1", server.getLocalPort())), "primary");
    }

    /** Names the server at {@code port} from now on. */
    void name(int port) {
        primary = port;
    }

    /** Takes {@code time} before each reply. */
    void delay(Duration time) {
        delay = time;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket client) {
        byte[] request = new byte[1024];
        try (client) {
            for (int length = client.getInputStream().read(request);
                    length > 0;
                    length = client.getInputStream().read(request)) {
                Promises.pause(delay);
                String port = String.valueOf(primary);
                String reply = new String(request, 0, length, US_ASCII).contains("HELLO")
                        ? "%0\r\n"
                        : "*2\r\n$9\r\n127.0.0.1\r\n$" + port.length() + "\r\n" + port + "\r\n";
                client.getOutputStream().write(reply.getBytes(US_ASCII));
            }
        } catch (IOException e) {
            // The client has closed it.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-sentinel");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
