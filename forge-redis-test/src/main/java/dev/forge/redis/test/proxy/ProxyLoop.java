package dev.forge.redis.test.proxy;

import dev.forge.redis.test.server.EmbeddedRedisException;
import dev.forge.redis.test.server.HeldPorts;
import dev.forge.redis.test.server.PortChoice;
import dev.forge.redis.test.server.RedisConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The thread of one proxy. Internal. Only this thread uses its sockets and faults; others hand it tasks.
 *
 * <p>One thread keeps the order without locks. It reads and writes up to 64 KiB at once, many commands together, so
 * that it costs little.
 */
public final class ProxyLoop implements Executor {
    private static final int BACKLOG = 1024;
    private static final int PORT_ATTEMPTS = 20;
    private static final long MILLISECOND = 1_000_000;

    private final Selector selector;
    private final Faults requests = new Faults();
    private final Faults replies = new Faults();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final Set<ProxyLink> links = new LinkedHashSet<>();
    private final Set<ProxyLink> waiting = new LinkedHashSet<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong accepted = new AtomicLong();
    private final Thread thread = new Thread(this::run, "forge-fault-proxy");
    private final InetSocketAddress address;
    private final HeldPorts held = new HeldPorts();
    private ServerSocketChannel listener;
    private InetSocketAddress target;
    private boolean ignoring;
    private volatile int connections;
    private volatile boolean closed;

    private ProxyLoop(Selector selector, ServerSocketChannel listener, InetSocketAddress target) throws IOException {
        this.selector = selector;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
        this.target = target;
        register();
    }

    /** Starts a proxy without faults in front of a port of 127.0.0.1. */
    public static ProxyLoop start(int targetPort) {
        try {
            ProxyLoop loop = new ProxyLoop(Selector.open(), listenAnywhere(), RedisConnection.loopback(targetPort));
            loop.thread.setDaemon(true);
            loop.thread.start();
            return loop;
        } catch (IOException failure) {
            throw new EmbeddedRedisException("A proxy could not be started: " + failure.getMessage(), failure);
        }
    }

    /** The port that clients connect to. */
    public int port() {
        return address.getPort();
    }

    /** How many connections are open. */
    public int connections() {
        return connections;
    }

    /** How many connections have been accepted since the start. */
    public long accepted() {
        return accepted.get();
    }

    /** The faults from the clients to the server. */
    public Faults requests() {
        return requests;
    }

    /** The faults from the server to the clients. */
    public Faults replies() {
        return replies;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            if (closed) {
                throw new IllegalStateException("The proxy on port " + port() + " has been closed");
            }
            tasks.add(task);
        }
        selector.wakeup();
    }

    /** Closes the port and all connections; the thread has ended when this returns. */
    public void close() {
        synchronized (tasks) {
            closed = true;
        }
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupted) { // The thread still ends by itself, unseen.
            Thread.currentThread().interrupt();
        }
    }

    // The thread runs everything from here on.

    /** Resets every connection that is open now. */
    public void resetLinks() {
        links.forEach(ProxyLink::reset);
    }

    /** Loses everything on every connection that is open now, for ever. */
    public void blackHoleLinks() {
        links.forEach(ProxyLink::blackHole);
    }

    /** Sends new connections to another port. */
    public void target(int port) {
        target = RedisConnection.loopback(port);
    }

    /** Whether new connections are accepted and never answered. */
    public void ignoreNew(boolean ignore) {
        ignoring = ignore;
    }

    /** Closes the port. */
    public void stopListening() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Switches all faults off, and opens the port again if it is closed. */
    public void heal() {
        ignoring = false;
        requests.heal();
        replies.heal();
        links.forEach(ProxyLink::heal);
        if (!listener.isOpen()) {
            held.close();
            try {
                listener = listen(address);
                register();
            } catch (IOException failure) {
                throw new EmbeddedRedisException(
                        "The proxy could not listen on port " + port() + " again: " + failure.getMessage(), failure);
            }
        }
    }

    /** Adapts every connection to faults that have changed, and keeps the port from others if it is closed by now. */
    public void refresh() {
        long now = System.nanoTime();
        List.copyOf(links).forEach(link -> {
            link.flush(now);
            track(link);
        });
        if (!listener.isOpen()) {
            held.hold(List.of(port()));
        }
    }

    private void run() {
        try (selector;
                held) {
            while (!closed) {
                round();
            }
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            links.forEach(ProxyLink::close);
            synchronized (tasks) {
                closed = true;
            }
            // Threads that wait for a task are released: without connections, a task has nothing to do.
            tasks.forEach(Runnable::run);
        }
    }

    private void round() throws IOException {
        for (int count = tasks.size(); count > 0; count--) {
            tasks.remove().run();
        }
        long wait = millisToNextArrival();
        if (wait == 0 || !tasks.isEmpty()) {
            selector.selectNow(this::ready);
        } else {
            selector.select(this::ready, wait == Long.MAX_VALUE ? 0 : wait);
        }
        long now = System.nanoTime();
        List.copyOf(waiting).forEach(link -> {
            link.flush(now);
            track(link);
        });
    }

    private long millisToNextArrival() {
        long next = waiting.stream().mapToLong(ProxyLink::nextArrival).min().orElse(Long.MAX_VALUE);
        if (next == Long.MAX_VALUE) {
            return next;
        }
        return Math.max(0, (next - System.nanoTime() + MILLISECOND - 1) / MILLISECOND);
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof ProxyLink link) {
            link.ready(key, buffer);
            track(link);
        } else if (key.isValid()) {
            accept();
        }
    }

    /** Accepts all clients that have connected so far: for them, their connections are already open. */
    public void accept() {
        try {
            for (SocketChannel client = next(); client != null; client = next()) {
                accepted.incrementAndGet();
                connect(client);
            }
        } catch (IOException ignored) { // The client has disconnected again, or there are no more descriptors.
        }
    }

    private void connect(SocketChannel client) throws IOException {
        try {
            track(ProxyLink.open(client, target, selector, requests, replies, ignoring));
        } catch (IOException failure) {
            client.close();
            throw failure;
        }
    }

    private @Nullable SocketChannel next() throws IOException {
        return listener.isOpen() ? listener.accept() : null;
    }

    private void track(ProxyLink link) {
        if (link.isOpen()) {
            links.add(link);
        } else {
            links.remove(link);
        }
        connections = links.size();
        if (link.isOpen() && link.nextArrival() != Long.MAX_VALUE) {
            waiting.add(link);
        } else {
            waiting.remove(link);
        }
    }

    private void register() throws IOException {
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    private static ServerSocketChannel listenAnywhere() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return listen(RedisConnection.loopback(PortChoice.anyPort()));
            } catch (BindException taken) {
                if (attempt == PORT_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            // Old connections that have ended must not keep the port from being opened again.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(address, BACKLOG);
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }
}
