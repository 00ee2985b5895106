package dev.forge.redis.test;

import dev.forge.redis.test.proxy.Faults;
import dev.forge.redis.test.proxy.ProxyLoop;
import dev.forge.redis.test.server.PortChoice;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A TCP proxy on a free port of 127.0.0.1 that misbehaves on request, in front of a port there.
 *
 * <p>Without faults it passes every byte on, in order. One call switches on each fault, for open and new connections;
 * it is in force when the call returns. Faults add up. {@link #heal} switches all of them off.
 *
 * <p>TCP never loses a byte in the middle of a connection, and a client that matches replies to requests by their
 * order cannot handle such a loss. So a connection that has lost bytes here ({@link #dropRequests}, {@link
 * #dropReplies}, {@link #blackHole}) passes nothing any more, and {@link #heal} resets it. To delay bytes without
 * losing them, use {@link #stall}.
 *
 * <p>A <em>chunk</em> is the result of one read by the proxy: one command or reply of a client that waits for each, and
 * many of a client that pipelines. Each call of a fault for the next chunk acts once, on any connection.
 *
 * <p>When nothing listens on the target, a new connection is accepted and then reset. TLS passes through
 * unchanged.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(redis.port())) {
 *     connectTo(proxy.url());
 *     proxy.blackHole();
 * }
 * }</pre>
 *
 * <p>One daemon thread serves all connections. Methods throw {@link IllegalStateException} after {@link #close}.
 * Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
    /** A direction through the proxy. */
    public enum Direction {
        /** From the clients to the server. */
        REQUESTS,
        /** From the server to the clients. */
        REPLIES
    }

    private final ProxyLoop loop;

    private FaultProxy(ProxyLoop loop) {
        this.loop = loop;
    }

    /** Starts a proxy without faults in front of {@code port} of 127.0.0.1; nothing has to listen there yet. */
    public static FaultProxy to(int port) {
        return new FaultProxy(ProxyLoop.start(PortChoice.require(port)));
    }

    /** The port that clients connect to; it stays the same. */
    public int port() {
        return loop.port();
    }

    /** The address for clients: {@code redis://127.0.0.1:PORT}. */
    public String url() {
        return "redis://127.0.0.1:" + port();
    }

    /** Sends new connections to another port, as when a name changes its address. Open ones keep theirs. */
    public void target(int port) {
        PortChoice.require(port);
        apply(() -> loop.target(port));
    }

    /** Delays each byte by {@code delay}, each way. Keeps order and throughput. */
    public void latency(Duration delay) {
        jitter(delay, delay, 0);
    }

    /** Delays each byte by {@code delay}, one way. */
    public void latency(Direction direction, Duration delay) {
        jitter(direction, delay, delay, 0);
    }

    /** Delays each chunk by a random time between {@code least} and {@code most}, each way. Keeps the order. */
    public void jitter(Duration least, Duration most, long seed) {
        each(faults -> faults.delay(least, most, seed));
    }

    /** Delays each chunk by a random time between {@code least} and {@code most}, one way. Keeps the order. */
    public void jitter(Direction direction, Duration least, Duration most, long seed) {
        on(direction, faults -> faults.delay(least, most, seed));
    }

    /** Passes at most {@code bytesPerSecond}, each way, for all connections together. */
    public void bandwidth(long bytesPerSecond) {
        each(faults -> faults.bandwidth(bytesPerSecond));
    }

    /** Passes at most {@code bytesPerSecond}, one way, for all connections together. */
    public void bandwidth(Direction direction, long bytesPerSecond) {
        on(direction, faults -> faults.bandwidth(bytesPerSecond));
    }

    /** Holds everything back, each way, as while packets are lost and resent; {@link #heal} delivers it. */
    public void stall() {
        each(Faults::stall);
    }

    /** Holds everything back, one way; {@link #heal} delivers it. */
    public void stall(Direction direction) {
        on(direction, Faults::stall);
    }

    /** Loses what clients send: connections stay open, and the server receives nothing. */
    public void dropRequests() {
        on(Direction.REQUESTS, Faults::drop);
    }

    /** Loses what the server sends: commands run, and no client gets a reply. */
    public void dropReplies() {
        on(Direction.REPLIES, Faults::drop);
    }

    /** Loses everything: connections stay open, new ones are accepted, and nothing is answered. */
    public void blackHole() {
        each(Faults::drop);
    }

    /**
     * Loses everything on the connections that are open now, as when a firewall has forgotten them. They stay
     * that way after {@link #heal}; new ones are served.
     */
    public void blackHoleOpenConnections() {
        apply(loop::blackHoleLinks);
    }

    /** Accepts new connections and never answers on them; {@link #heal} resets them. Open ones are served. */
    public void acceptAndIgnore() {
        apply(() -> loop.ignoreNew(true));
    }

    /** Closes the port, so that new connections are refused, until {@link #heal}. Open ones are served. */
    public void refuse() {
        apply(loop::stopListening);
    }

    /** Resets (RST) the connections that are open now, on both sides. New ones are served. */
    public void reset() {
        apply(loop::resetLinks);
    }

    /** Resets the connection of the next request chunk instead of passing it on: its commands do not run. */
    public void resetOnRequest() {
        on(Direction.REQUESTS, faults -> faults.once(new Faults.Reset()));
    }

    /** Resets the connection of the next reply chunk instead of passing it on: its commands have run. */
    public void resetOnReply() {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Reset()));
    }

    /** Passes the first half of the next reply chunk on, and then closes its connection in an orderly way. */
    public void truncateReply() {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Truncate()));
    }

    /** Inverts the byte at {@code position}, modulo the length, of the next reply chunk. */
    public void corruptReply(int position) {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Corrupt(position)));
    }

    /**
     * Delays the next request chunk by {@code time}, and what follows on its connection too. Other connections
     * overtake it.
     */
    public void holdNext(Duration time) {
        on(Direction.REQUESTS, faults -> faults.once(new Faults.Hold(time.toNanos())));
    }

    /**
     * Switches all faults off. Delivers what was delayed, and resets connections that have lost bytes.
     *
     * @throws dev.forge.redis.test.server.EmbeddedRedisException if the port was closed by {@link #refuse}, and another program now has it
     */
    public void heal() {
        apply(loop::heal);
    }

    /** How many connections of clients are open. */
    public int connections() {
        return loop.connections();
    }

    /** How many connections have been accepted since the start. */
    public long accepted() {
        return loop.accepted();
    }

    /** How many bytes have come from the clients ({@code REQUESTS}) or from the server, lost ones included. */
    public long bytes(Direction direction) {
        return faults(direction).bytes();
    }

    /** Closes the port and all connections; its thread has ended when this returns. Does nothing the second time. */
    @Override
    public void close() {
        loop.close();
    }

    private void each(Consumer<Faults> change) {
        apply(() -> Stream.of(Direction.values()).map(this::faults).forEach(change));
    }

    private void on(Direction direction, Consumer<Faults> change) {
        apply(() -> change.accept(faults(direction)));
    }

    private Faults faults(Direction direction) {
        return direction == Direction.REQUESTS ? loop.requests() : loop.replies();
    }

    /** Returns when the change is in force. Sockets are really closed only in the second round. */
    private void apply(Runnable change) {
        try {
            CompletableFuture.runAsync(
                            () -> {
                                loop.accept();
                                change.run();
                            },
                            loop)
                    .thenRunAsync(loop::refresh, loop)
                    .join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
