package dev.forge.redis.test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A TCP proxy on a free port of 127.0.0.1 that misbehaves on request, in front of a port there.
 *
 * <p>Without faults it passes every byte on, in order. Each fault is switched on by one call, acts on the
 * connections that are open and on new ones, and is in force when the call returns; faults add up. {@link #heal}
 * switches all of them off.
 *
 * <p>TCP never loses a byte in the middle of a connection that goes on, and a client whose replies are matched to
 * its requests by their order cannot survive that. So a connection that has lost bytes here ({@link
 * #dropRequests}, {@link #dropReplies}, {@link #blackHole}) passes nothing any more, and {@link #heal} resets it.
 * Where bytes shall be late and not lost, use {@link #stall}.
 *
 * <p>A <em>chunk</em> is what one read of the proxy finds: one command or reply of a client that waits for each,
 * and many of one that pipelines. The faults that act on the next chunk do so once for each call, on whichever
 * connection it comes.
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
    /** A way through the proxy. */
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

    /** Starts a proxy without faults in front of {@code port} of 127.0.0.1; nothing need listen there yet. */
    public static FaultProxy to(int port) {
        return new FaultProxy(ProxyLoop.start(requirePort(port)));
    }

    /** The port that clients connect to; it stays the same. */
    public int port() {
        return loop.port();
    }

    /** The address for clients: {@code redis://127.0.0.1:PORT}. */
    public String url() {
        return "redis://127.0.0.1:" + port();
    }

    /** Sends new connections to another port, as when a name changes its address. Open ones stay where they are. */
    public void target(int port) {
        requirePort(port);
        apply(() -> loop.target(port));
    }

    /** Delivers each byte later by {@code delay}, each way; order and throughput stay. */
    public void latency(Duration delay) {
        jitter(delay, delay, 0);
    }

    /** Delivers each byte later by {@code delay}, one way. */
    public void latency(Direction direction, Duration delay) {
        jitter(direction, delay, delay, 0);
    }

    /** Delivers each chunk later by a random time between the two, each way. The order stays. */
    public void jitter(Duration least, Duration most, long seed) {
        each(faults -> faults.delay(least, most, seed));
    }

    /** Delivers each chunk later by a random time between the two, one way. The order stays. */
    public void jitter(Direction direction, Duration least, Duration most, long seed) {
        on(direction, faults -> faults.delay(least, most, seed));
    }

    /** Passes at most so many bytes a second, each way, all connections together. */
    public void bandwidth(long bytesPerSecond) {
        each(faults -> faults.bandwidth(bytesPerSecond));
    }

    /** Passes at most so many bytes a second, one way, all connections together. */
    public void bandwidth(Direction direction, long bytesPerSecond) {
        on(direction, faults -> faults.bandwidth(bytesPerSecond));
    }

    /** Passes nothing and loses nothing, each way, as while packets are lost and repeated: after {@link #heal} all arrives. */
    public void stall() {
        each(Faults::stall);
    }

    /** Passes nothing and loses nothing, one way: after {@link #heal} all arrives. */
    public void stall(Direction direction) {
        on(direction, Faults::stall);
    }

    /** Loses what clients send: connections stay open, and the server hears nothing. */
    public void dropRequests() {
        on(Direction.REQUESTS, Faults::drop);
    }

    /** Loses what the server sends: commands run, and nobody is told. */
    public void dropReplies() {
        on(Direction.REPLIES, Faults::drop);
    }

    /** Loses everything: connections stay open, new ones are accepted, and nothing is answered. */
    public void blackHole() {
        each(Faults::drop);
    }

    /**
     * Makes the connections that are open now silent for good, as when a firewall has forgotten them. They stay
     * so after {@link #heal}; new ones are served.
     */
    public void silence() {
        apply(() -> loop.links().forEach(ProxyLink::silence));
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
        apply(() -> loop.links().forEach(ProxyLink::reset));
    }

    /** Resets the connection of the next request chunk in place of passing it on: its commands do not run. */
    public void resetOnRequest() {
        on(Direction.REQUESTS, faults -> faults.once(new Faults.Reset()));
    }

    /** Resets the connection of the next reply chunk in place of passing it on: its commands have run. */
    public void resetOnReply() {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Reset()));
    }

    /** Passes the first half of the next reply chunk on, and then closes its connection in order. */
    public void truncateReply() {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Truncate()));
    }

    /** Inverts the byte at {@code position}, modulo the length, of the next reply chunk. */
    public void corruptReply(int position) {
        on(Direction.REPLIES, faults -> faults.once(new Faults.Corrupt(position)));
    }

    /**
     * Delivers the next request chunk later by {@code time}, and behind it what follows on its connection. Other
     * connections overtake it.
     */
    public void holdNext(Duration time) {
        on(Direction.REQUESTS, faults -> faults.once(new Faults.Hold(time.toNanos())));
    }

    /**
     * Switches all faults off. What was late is delivered; a connection that has lost bytes is reset.
     *
     * @throws EmbeddedRedisException if the port was closed by {@link #refuse}, and somebody else has it now
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
        return loop.faults(direction).bytes();
    }

    /** Closes the port and all connections; its thread has ended when this returns. Does nothing the second time. */
    @Override
    public void close() {
        loop.close();
    }

    private void each(Consumer<Faults> change) {
        apply(() -> Stream.of(Direction.values()).map(loop::faults).forEach(change));
    }

    private void on(Direction direction, Consumer<Faults> change) {
        apply(() -> change.accept(loop.faults(direction)));
    }

    /** Returns when the change is in force. The second round is the one in which closed sockets really are. */
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

    private static int requirePort(int port) {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, but was " + port);
        }
        return port;
    }
}
