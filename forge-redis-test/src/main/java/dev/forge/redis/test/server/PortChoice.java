package dev.forge.redis.test.server;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/** The ports that a server is tried on, one after the other, until one is free. Internal. */
public record PortChoice(IntSupplier candidates, int attempts) {
    private static final int ATTEMPTS = 20;

    /** Any port, with some attempts. */
    public static PortChoice any() {
        return new PortChoice(PortChoice::anyPort, ATTEMPTS);
    }

    /** This port, or none. */
    public static PortChoice only(int port) {
        require(port);
        return new PortChoice(() -> port, 1);
    }

    /** Returns {@code port}, if it is one. */
    public static int require(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but was " + port);
        }
        return port;
    }

    /**
     * A port below those that systems give to outgoing connections. Otherwise, a client that keeps trying to reach a
     * killed server may get that port as its own, connect to itself, and keep the server from coming back. The port
     * plus 10000, which a cluster node uses too, is still below.
     */
    public static int anyPort() {
        return ThreadLocalRandom.current().nextInt(10_000, 22_000);
    }

    static int anyPortOtherThan(int port) {
        return IntStream.generate(PortChoice::anyPort)
                .filter(other -> other != port)
                .findFirst()
                .orElseThrow();
    }
}
