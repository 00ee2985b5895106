package dev.forge.redis.test.server;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports of a dead server or of a proxy that refuses, which no other process can take until it is back. Internal.
 *
 * <p>A socket that is bound and does not listen refuses connections, as if nothing had the port.
 */
public final class HeldPorts implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();

    /** Holds those of {@code ports} that are free. Does nothing if it holds some already. */
    public void hold(List<Integer> ports) {
        if (sockets.isEmpty()) {
            ports.forEach(this::hold);
        }
    }

    private void hold(int port) {
        Socket socket = new Socket();
        sockets.add(socket);
        try {
            // Connections of the dead server may still be ending on this port.
            socket.setReuseAddress(true);
            socket.bind(RedisConnection.loopback(port));
            // Linux lets a socket listen on a port if all that are bound to it allow that.
            socket.setReuseAddress(false);
        } catch (IOException taken) { // A restart says so.
        }
    }

    /** Lets go of all of them. */
    @Override
    public void close() {
        sockets.forEach(HeldPorts::release);
        sockets.clear();
    }

    private static void release(Socket socket) {
        try {
            socket.close();
        } catch (IOException ignored) { // The port is free either way.
        }
    }
}
