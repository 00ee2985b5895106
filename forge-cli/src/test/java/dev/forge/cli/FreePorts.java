package dev.forge.cli;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for the services of tests. */
public final class FreePorts {

    private FreePorts() {}

    /** Returns a port that is free with the next one, and that the system gives to no connection meanwhile. */
    public static int two() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket service = new ServerSocket(port);
                    ServerSocket management = new ServerSocket(port + 1)) {
                return Math.min(service.getLocalPort(), management.getLocalPort());
            } catch (IOException e) {
                // Another one.
            }
        }
        throw new IOException("no two ports are free");
    }
}
