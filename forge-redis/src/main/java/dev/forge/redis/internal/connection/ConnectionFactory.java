package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.HandshakeCommands;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.IoThread;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.CredentialLookup;
import dev.forge.redis.internal.transport.Credentials;
import dev.forge.redis.internal.transport.Dialer;
import dev.forge.redis.internal.transport.HostNames;
import dev.forge.redis.internal.transport.Patience;
import dev.forge.redis.internal.transport.TlsFiles;
import dev.forge.redis.internal.transport.Wire;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisEndpoint.HostAndPort;
import dev.forge.redis.settings.RedisSettings;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes connections for Forge's own commands: to an address, a Unix domain socket, or what sentinels name. */
public final class ConnectionFactory {

    private final RedisSettings settings;
    private final Scheduler scheduler;
    private final TlsFiles tlsFiles;
    private final CredentialLookup credentials;
    private final Dialer dialer;
    private final ConnectionThreads threads = new ConnectionThreads();
    private final Set<PipelinedConnection> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    public ConnectionFactory(RedisSettings settings, Scheduler scheduler) {
        this(settings, scheduler, new HostNames());
    }

    ConnectionFactory(RedisSettings settings, Scheduler scheduler, HostNames names) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.tlsFiles = new TlsFiles(settings.tls(), settings.socketTimeout(), scheduler);
        this.credentials = new CredentialLookup(settings.login(), settings.socketTimeout(), scheduler);
        this.dialer = new Dialer(settings.tls(), tlsFiles, names, scheduler);
    }

    /** Returns the certificate and key files that TLS needs. */
    public TlsFiles tlsFiles() {
        return tlsFiles;
    }

    /** Returns the login. */
    public CredentialLookup credentials() {
        return credentials;
    }

    /** Returns how many threads serve connections. */
    int threads() {
        return threads.running();
    }

    /** Ends every attempt to connect, closes all connections, and waits at most {@code time} for their threads. */
    public void close(Duration time) throws InterruptedException {
        closed = true;
        credentials.close();
        tlsFiles.close();
        dialer.close();
        open.forEach(PipelinedConnection::close);
        threads.awaitEnd(time);
    }

    /** Connects to {@code server}, which is one server. */
    public Connector to(RedisEndpoint server) {
        return to(server, push -> {});
    }

    /** Connects to the server at {@code address}. */
    public Connector to(HostAndPort address) {
        return to(new RedisEndpoint.Node(address));
    }

    /** Connects to {@code server}; {@code pushes} takes push messages from the first one on, on the thread that reads. */
    public Connector to(RedisEndpoint server, PushListener pushes) {
        return patience -> connect(server, pushes, patience, false);
    }

    private CompletionStage<PipelinedConnection> connect(
            RedisEndpoint server, PushListener pushes, Patience patience, boolean readOnly) {
        Dialer.Target target = new Dialer.Target(server, null, settings.database(), readOnly);
        return prepared().thenCompose(login -> connect(target.as(login), pushes, patience));
    }

    /** Completes with the login, once it is known that the files of TLS can be used too; null if there is none. */
    public CompletionStage<@Nullable Credentials> prepared() {
        return tlsFiles.check().thenCompose(usable -> login());
    }

    /** Returns the current login, or null if the settings have none. */
    private CompletableFuture<@Nullable Credentials> login() {
        return settings.login().isNone()
                ? CompletableFuture.completedFuture(null)
                : credentials.ask().thenApply(known -> known);
    }

    /** Connects on a thread of its own, which then reads the replies. */
    private CompletableFuture<PipelinedConnection> connect(
            Dialer.Target target, PushListener pushes, Patience patience) {
        CompletableFuture<PipelinedConnection> connected = new CompletableFuture<>();
        startReader(connected, () -> {
            Dialer.Dialed dialed = dialer.dial(target, patience, CallReader.BUFFER);
            PipelinedConnection pipeline = new PipelinedConnection(
                    target.server().toString(),
                    dialed.wire(),
                    HandshakeCommands::ping,
                    pushes,
                    (time, made) -> connectDirectly(dialed.address(), target, Patience.ofLater(time), made),
                    scheduler);
            open.add(pipeline);
            try {
                if (closed) {
                    pipeline.close();
                }
                CompletableFuture<Void> writing = new CompletableFuture<>();
                threads.startWriter(writing, pipeline::write);
                writing.whenComplete((done, failure) -> pipeline.close());
                connected.complete(pipeline);
                pipeline.read();
            } finally {
                open.remove(pipeline);
            }
        });
        return connected;
    }

    /** Starts the thread, but not on the clock: starting one takes long on a busy machine. */
    private void startReader(CompletableFuture<?> failed, ConnectionThreads.Task task) {
        if (IoThread.isClock()) {
            scheduler.background().execute(() -> threads.startReader(failed, task));
        } else {
            threads.startReader(failed, task);
        }
    }

    /** Opens a direct connection to {@code address}, with the current login. */
    private CompletableFuture<DirectConnection> connectDirectly(
            SocketAddress address, Dialer.Target target, Patience patience, Function<Wire, DirectConnection> made) {
        return login().thenCompose(login -> {
            CompletableFuture<DirectConnection> connected = new CompletableFuture<>();
            startReader(connected, () -> {
                Wire wire = dialer.dial(address, target.as(login), patience, DirectConnection.BUFFER);
                connected.complete(made.apply(wire));
            });
            return connected;
        });
    }

    /** Connects like {@link #to}, and fails if the server says that it is a replica. */
    public Connector toWritable(RedisEndpoint server) {
        return patience -> to(server)
                .connect(patience)
                .thenCompose(connection -> checked(connection, patience, ConnectionFactory::mayBeWritable));
    }

    private static boolean mayBeWritable(@Nullable String role, @Nullable Throwable failure) {
        // A server that refuses ROLE may be a proxy, or this user may lack the permission.
        return failure == null ? !"slave".equals(role) : Futures.unwrapped(failure) instanceof RedisRefusedException;
    }

    /** Connects to a replica of a cluster, and sends READONLY so that it serves reads. */
    public Connector toReplica(HostAndPort address) {
        return patience -> connect(new RedisEndpoint.Node(address), push -> {}, patience, true);
    }

    /**
     * Connects to the primary that the sentinels name, and checks its role.
     *
     * <p>A sentinel may learn of a failover late, and a former primary may come back before a sentinel has demoted it.
     */
    public Connector toPrimary(RedisEndpoint.Sentinels sentinels) {
        SentinelLookup lookup = lookup(sentinels);
        return patience -> lookup.primary(patience).thenCompose(address -> {
            CompletableFuture<PipelinedConnection> attempt =
                    ConnectAttempts.connect(time -> connectToPrimary(address, time), patience, scheduler);
            lookup.follow(address, attempt);
            return attempt;
        });
    }

    private CompletionStage<PipelinedConnection> connectToPrimary(HostAndPort address, Patience patience) {
        return to(address)
                .connect(patience)
                .thenCompose(connection -> checked(connection, patience, (role, failure) -> "master".equals(role)));
    }

    /** Asks the server for its role; closes the connection and fails unless {@code right} accepts the reply. */
    private CompletionStage<PipelinedConnection> checked(
            PipelinedConnection connection,
            Patience patience,
            BiPredicate<@Nullable String, @Nullable Throwable> right) {
        return reply(connection, HandshakeCommands.role(), patience.whole()).handle((role, failure) -> {
            if (right.test(role, failure)) {
                return connection;
            }
            connection.close();
            throw new CompletionException(
                    failure == null
                            ? new IllegalStateException(connection.address() + " is not a primary")
                            : Futures.unwrapped(failure));
        });
    }

    /** Returns the address of the primary that more than half of all sentinels name; fails if there is none. */
    public CompletionStage<HostAndPort> agreedPrimary(RedisEndpoint.Sentinels sentinels) {
        return lookup(sentinels).agreedPrimary();
    }

    /** Returns the addresses of the replicas that the sentinels report as up. */
    public CompletionStage<List<HostAndPort>> replicas(RedisEndpoint.Sentinels sentinels) {
        return lookup(sentinels).replicas();
    }

    private SentinelLookup lookup(RedisEndpoint.Sentinels sentinels) {
        return new SentinelLookup(this, sentinels, !settings.login().isNone(), scheduler);
    }

    /** Connects to a sentinel, which has no databases. */
    Connector toSentinel(HostAndPort address, boolean logIn) {
        return patience -> (logIn ? prepared() : tlsFiles.check().<@Nullable Credentials>thenApply(usable -> null))
                .thenCompose(login -> connect(
                        new Dialer.Target(new RedisEndpoint.Node(address), login, 0, false), push -> {}, patience));
    }

    /** Sends {@code question}, ahead of all other calls, and returns its reply, which fails if it takes longer. */
    <T> CompletionStage<T> reply(PipelinedConnection connection, Call<T> question, Duration patience) {
        connection.urge(question);
        Future<?> timer =
                scheduler.schedule(() -> question.completeExceptionally(new TimeoutException()), patience.toMillis());
        return question.whenComplete((answer, failure) -> timer.cancel(false));
    }
}
