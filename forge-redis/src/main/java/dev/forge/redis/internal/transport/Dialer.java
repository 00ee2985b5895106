package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.protocol.ReplyReader;
import dev.forge.redis.internal.protocol.RespWriter;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections: finds the address, connects, makes the TLS handshake, and logs in. Blocks.
 *
 * <p>Thread-safe.
 */
public final class Dialer {

    private static final int HANDSHAKE_BUFFER = 16 * 1024;

    private final RedisTls tls;
    private final TlsFiles files;
    private final HostNames names;
    private final Scheduler scheduler;
    private final ProbeMemory probes = new ProbeMemory();
    private final Set<SocketChannel> dialing = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Where to connect, and as whom.
     *
     * @param server one server; failures show it as its text
     * @param readOnly whether to allow reads from a replica of a cluster
     */
    public record Target(RedisEndpoint server, @Nullable Credentials login, int database, boolean readOnly) {

        public Target as(@Nullable Credentials login) {
            return new Target(server, login, database, readOnly);
        }
    }

    /** An open connection, and where it leads. */
    public record Dialed(SocketAddress address, Wire wire) {}

    /** @param files the certificates and keys for connections with TLS */
    public Dialer(RedisTls tls, TlsFiles files, HostNames names, Scheduler scheduler) {
        this.tls = tls;
        this.files = files;
        this.names = names;
        this.scheduler = scheduler;
    }

    /**
     * Returns a connection that is logged in.
     *
     * @throws dev.forge.redis.failure.RedisFailure if the server refuses the login
     */
    public Dialed dial(Target target, Patience patience, int bufferSize) throws Exception {
        if (target.server() instanceof RedisEndpoint.Socket unix) {
            SocketAddress socket = UnixDomainSocketAddress.of(unix.path());
            return new Dialed(socket, dial(socket, target, patience, bufferSize));
        }
        HostAndPort server = ((RedisEndpoint.Node) target.server()).address();
        HostAddresses among =
                new HostAddresses(names.lookUp(server.host()), server.host(), server.port(), patience.whole());
        while (true) {
            InetSocketAddress address = among.next();
            try {
                return new Dialed(address, dial(address, target, patience.share(among.share()), bufferSize));
            } catch (Exception e) {
                if (!among.goOn(address, e)) {
                    throw among.summary(e);
                }
            }
        }
    }

    /** Ends what is being dialled, and dials no more. */
    public void close() {
        closed = true;
        dialing.forEach(Channels::close);
    }

    /** Returns another connection to {@code address}, which an earlier one has found. */
    public Wire dial(SocketAddress address, Target target, Patience patience, int bufferSize) throws Exception {
        long start = System.nanoTime();
        SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : Channels.tcp();
        ProtocolCheck check = new ProtocolCheck(address, tls.enabled(), patience.whole(), probes, scheduler);
        AtomicBoolean late = new AtomicBoolean();
        Future<?> timer = null;
        boolean connected = false;
        boolean done = false;
        try {
            dialing.add(channel);
            if (closed) {
                throw new ClosedChannelException();
            }
            timer = closeAfter(patience.accepting(), channel, late);
            connected = channel.connect(address);
            timer.cancel(false);
            timer = closeAfter(patience.whole().minusNanos(System.nanoTime() - start), channel, late);
            Wire wire = tls.enabled()
                    ? encrypted(channel, (InetSocketAddress) address, check)
                    : new PlainWire(channel, bufferSize);
            logIn(wire, target, check);
            done = true;
            return wire;
        } catch (IOException e) {
            if (late.get()) {
                throw new TimeoutException();
            }
            // A closed manager waits for this thread, and so for no probe.
            throw connected && !closed ? check.explained(e) : e;
        } finally {
            if (timer != null) {
                timer.cancel(false);
            }
            dialing.remove(channel);
            if (!done) {
                Channels.close(channel);
            }
        }
    }

    private Future<?> closeAfter(Duration time, SocketChannel channel, AtomicBoolean late) {
        return scheduler.schedule(
                () -> {
                    late.set(true);
                    Channels.close(channel);
                },
                time.toMillis());
    }

    private Wire encrypted(SocketChannel channel, InetSocketAddress address, ProtocolCheck check) throws IOException {
        BelowTls below = new BelowTls(channel);
        Future<?> probe = check.handshakeBegins(() -> Channels.close(channel));
        try {
            Wire wire = TlsWire.open(
                    channel, below, address.getHostString(), address.getPort(), files.terms(), tls.verify());
            check.handshakeEnded();
            return wire;
        } catch (SSLException e) {
            check.firstRecord(below.first());
            throw e;
        } finally {
            probe.cancel(false);
        }
    }

    private static void logIn(Wire wire, Target target, ProtocolCheck check) throws IOException {
        RespWriter writer = new RespWriter(HANDSHAKE_BUFFER);
        Credentials login = target.login();
        writer.write(
                login == null
                        ? HandshakeCommands.hello3()
                        : HandshakeCommands.hello3(login.username(), login.password()));
        int replies = 1;
        if (target.database() != 0) {
            writer.write(HandshakeCommands.select(target.database()));
            replies++;
        }
        if (target.readOnly()) {
            writer.write(HandshakeCommands.readOnly());
            replies++;
        }
        ReplyReader reader = new ReplyReader(wire, HANDSHAKE_BUFFER);
        try {
            wire.write(writer.bytes(), 0, writer.length());
        } catch (IOException e) {
            // The server may have said before why it closed the connection.
            reader.first(1);
        }
        check.firstReply(reader.first(ServerBytes.ENOUGH));
        for (; replies > 0; replies--) {
            String error = HandshakeCommands.error(reader);
            if (error != null) {
                throw Failures.refusedConnection(target.server().toString(), error);
            }
        }
        if (reader.hasMore()) {
            throw new IOException("the server sent more than the replies to the login");
        }
    }
}
