package dev.forge.cli.service;

import dev.forge.cli.failure.Printable;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A TCP port for the service.
 *
 * @param number 1 to 65535
 */
public record Port(int number) {
    /** The default port of the service. */
    public static final Port DEFAULT = new Port(8000);

    private static final int HIGHEST = 65_535;
    private static final int TRIED = 100;

    /** @throws IllegalArgumentException if {@code number} is not a port */
    public Port {
        if (number < 1 || number > HIGHEST) {
            throw new IllegalArgumentException("--port must be between 1 and " + HIGHEST + ", but was " + number);
        }
    }

    /**
     * The port that {@code digits} name.
     *
     * @throws IllegalArgumentException if they name none
     */
    public static Port of(String digits) {
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "--port must be between 1 and " + HIGHEST + ", but was " + Printable.value(digits));
        }
        return new Port(Integer.parseInt(digits));
    }

    /** The port of the service's health check: the next one, or the one before the last port. */
    public Port management() {
        return new Port(number < HIGHEST ? number + 1 : number - 1);
    }

    /** Whether a service could listen on this port now. */
    public boolean isFree() {
        try (ServerSocket socket = new ServerSocket(number)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A port above this one that is free like its {@link #management()}, to suggest. */
    public OptionalInt nextFree() {
        return IntStream.rangeClosed(number + 1, Math.min(number + TRIED, HIGHEST))
                .filter(candidate -> new Port(candidate).isFree()
                        && new Port(candidate).management().isFree())
                .findFirst();
    }
}
