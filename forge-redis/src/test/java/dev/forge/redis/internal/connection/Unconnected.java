package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Wire;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Connections to no server, for tests of what surrounds them. */
public final class Unconnected {

    private Unconnected() {}

    /** Returns a connection that neither reads nor writes. */
    public static PipelinedConnection named(String address) {
        return asking(address, HandshakeCommands::ping);
    }

    /** Returns such a connection with another probe. */
    public static PipelinedConnection asking(String address, Supplier<Call<?>> question) {
        return over(new SilentWire(), address, question);
    }

    /** Returns a connection whose server is {@code wire}. */
    static PipelinedConnection over(Wire wire) {
        return over(wire, "Redis", HandshakeCommands::ping);
    }

    private static PipelinedConnection over(Wire wire, String address, Supplier<Call<?>> question) {
        return new PipelinedConnection(
                address, wire, question, push -> {}, (patience, made) -> new CompletableFuture<>(), new Scheduler());
    }
}
