package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.Failures;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes connections for Forge's own commands: to an address, a Unix domain socket, or what sentinels name. */
public final class ConnectionFactory {

    private static final Patience SENTINEL_PATIENCE = Patience.ofLater(Duration.ofMillis(500));
    private static final long ASK_AGAIN_MILLIS = 1_000;

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

    /** Connects to {@code address}, or to the Unix domain socket of the settings where it is null. */
    public Connector to(@Nullable HostAndPort address, String shown) {
        return to(address, shown, push -> {});
    }

    /** Connects likewise; {@code pushes} takes push messages from the first one on, on the thread that reads. */
    public Connector to(@Nullable HostAndPort address, String shown, PushListener pushes) {
        return patience -> connect(address, shown, pushes, patience, false);
    }

    private CompletionStage<PipelinedConnection> connect(
            @Nullable HostAndPort address, String shown, PushListener pushes, Patience patience, boolean readOnly) {
        String socket = settings.endpoint() instanceof RedisEndpoint.Socket unix ? unix.path() : null;
        Dialer.Target target = new Dialer.Target(address, socket, shown, null, settings.database(), readOnly);
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
                    target.shown(),
                    dialed.wire(),
                    HandshakeCommands::ping,
                    pushes::pushed,
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
    public Connector toWritable(@Nullable HostAndPort address, String shown) {
        return patience -> to(address, shown).connect(patience).thenCompose(pipeline -> {
            Call<String> role = HandshakeCommands.role();
            pipeline.urge(role);
            return inTime(role, patience.whole()).handle((answer, failure) -> {
                // A server that refuses ROLE may be a proxy, or this user may lack the permission.
                boolean writable = failure == null
                        ? !"slave".equals(answer)
                        : Futures.unwrapped(failure) instanceof RedisRefusedException;
                if (!writable) {
                    pipeline.close();
                    throw new IllegalStateException(pipeline.address() + " does not accept writes");
                }
                return pipeline;
            });
        });
    }

    /** Connects to a replica of a cluster, and sends READONLY so that it serves reads. */
    public Connector toReplica(HostAndPort address) {
        return patience -> connect(address, address.toString(), push -> {}, patience, true);
    }

    /**
     * Connects to the primary that the sentinels name, and checks its role.
     *
     * <p>A sentinel may learn of a failover late, and a former primary may come back before a sentinel has demoted it.
     */
    public Connector toPrimary(RedisEndpoint.Sentinels sentinels) {
        return toPrimary(sentinels, push -> {});
    }

    /** Connects likewise; {@code pushes} takes push messages from the first one on, on the thread that reads. */
    public Connector toPrimary(RedisEndpoint.Sentinels sentinels, PushListener pushes) {
        return patience -> primary(sentinels, patience.first() ? patience : SENTINEL_PATIENCE)
                .thenCompose(address -> {
                    CompletableFuture<PipelinedConnection> attempt = ConnectAttempts.connect(
                            time -> connect(address, address.toString(), pushes, time, false)
                                    .thenCompose(opened -> checked(
                                            opened,
                                            HandshakeCommands.role(),
                                            time.whole(),
                                            role -> role.equals("master"),
                                            "primary")),
                            patience,
                            scheduler);
                    followPrimary(sentinels, address, attempt);
                    return attempt;
                });
    }

    /** Ends {@code attempt} as soon as the sentinels name another primary; the former one may be frozen. */
    private void followPrimary(
            RedisEndpoint.Sentinels sentinels, HostAndPort address, CompletableFuture<PipelinedConnection> attempt) {
        if (attempt.isDone()) {
            return;
        }
        scheduler.after(ASK_AGAIN_MILLIS, () -> {
            if (attempt.isDone()) {
                return;
            }
            primary(sentinels, SENTINEL_PATIENCE).whenComplete((named, failure) -> {
                if (named == null || named.equals(address)) {
                    followPrimary(sentinels, address, attempt);
                } else {
                    attempt.completeExceptionally(
                            new IllegalStateException("the sentinels name " + named + " in the place of " + address));
                }
            });
        });
    }

    /** Returns the addresses of the replicas that the sentinels report as up. */
    public CompletionStage<List<HostAndPort>> replicas(RedisEndpoint.Sentinels sentinels) {
        return firstAnswer(sentinels, () -> HandshakeCommands.sentinelReplicas(sentinels.primary()), SENTINEL_PATIENCE);
    }

    private CompletionStage<HostAndPort> primary(RedisEndpoint.Sentinels sentinels, Patience patience) {
        return firstAnswer(sentinels, () -> HandshakeCommands.sentinelPrimary(sentinels.primary()), patience);
    }

    /** Asks all sentinels at once, and uses the first answer. */
    private <T> CompletionStage<T> firstAnswer(
            RedisEndpoint.Sentinels sentinels, Supplier<Call<T>> question, Patience patience) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        List<CompletionStage<?>> asked = new ArrayList<>();
        for (HostAndPort sentinel : sentinels.sentinels()) {
            asked.add(ask(sentinel, question, patience, false)
                    .exceptionallyCompose(failure -> loginMayHelp(failure)
                            ? ask(sentinel, question, patience, true)
                            : CompletableFuture.failedStage(failure))
                    .thenAccept(answer::complete));
        }
        CompletableFuture.allOf(
                        asked.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new))
                .whenComplete((all, failure) -> answer.completeExceptionally(
                        failure == null
                                ? new IllegalStateException("no sentinel answered")
                                : new IllegalStateException(
                                        "no sentinel returned the address: " + Failures.describe(failure), failure)));
        return answer;
    }

    private <T> CompletionStage<T> ask(
            HostAndPort sentinel, Supplier<Call<T>> question, Patience patience, boolean logIn) {
        return (logIn ? prepared() : tlsFiles.check().<@Nullable Credentials>thenApply(usable -> null))
                .thenCompose(login -> connect(
                        new Dialer.Target(sentinel, null, sentinel.toString(), login, 0, false), push -> {}, patience))
                .thenCompose(pipeline -> {
                    Call<T> call = question.get();
                    pipeline.open(() -> {});
                    pipeline.urge(call);
                    return expiring(call, pipeline, patience.whole())
                            .whenComplete((answer, failure) -> pipeline.close());
                });
    }

    /** Returns whether there is a login, and the sentinel requires one or does not permit the question without it. */
    private boolean loginMayHelp(Throwable failure) {
        return !settings.login().isNone()
                && Failures.connecting("", Futures.unwrapped(failure)) instanceof RedisRefusedException refused
                && (refused.reason() == RefusalReason.NOAUTH || refused.reason() == RefusalReason.NOPERM);
    }

    /** Returns {@code pipeline} if the reply to {@code call} shows that the server is the right one; else closes it. */
    private <T> CompletionStage<PipelinedConnection> checked(
            PipelinedConnection pipeline, Call<T> call, Duration patience, Function<T, Boolean> right, String wanted) {
        pipeline.urge(call);
        return expiring(call, pipeline, patience).thenApply(answer -> {
            if (!right.apply(answer)) {
                pipeline.close();
                throw new IllegalStateException(pipeline.address() + " is not a " + wanted);
            }
            return pipeline;
        });
    }

    /** Returns the reply to {@code call}; closes the connection if that is an error or does not come in time. */
    private <T> CompletionStage<T> expiring(Call<T> call, PipelinedConnection pipeline, Duration patience) {
        return inTime(call, patience).whenComplete((answer, failure) -> {
            if (failure != null) {
                pipeline.close();
            }
        });
    }

    /** Returns the reply to {@code call}, which fails if that does not come in time. */
    private <T> CompletionStage<T> inTime(Call<T> call, Duration patience) {
        Future<?> timer =
                scheduler.schedule(() -> call.completeExceptionally(new TimeoutException()), patience.toMillis());
        return call.whenComplete((answer, failure) -> timer.cancel(false));
    }
}
