package dev.forge.redis.internal;

import dev.forge.redis.deletion.DeletionReport;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisInterruptedException;
import dev.forge.redis.health.Diagnosis;
import dev.forge.redis.health.Health;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.command.Commands;
import dev.forge.redis.internal.connection.ConnectionFactory;
import dev.forge.redis.internal.deletion.DeletionRun;
import dev.forge.redis.internal.deletion.DeletionTerms;
import dev.forge.redis.internal.deletion.KeySelection;
import dev.forge.redis.internal.lettuce.DirectClient;
import dev.forge.redis.internal.observe.ObserverSlot;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.protocol.SizeLimit;
import dev.forge.redis.internal.route.CommandRouter;
import dev.forge.redis.internal.route.RedisNode;
import dev.forge.redis.internal.route.RouterFactory;
import dev.forge.redis.internal.thread.BlockingCall;
import dev.forge.redis.internal.thread.Crowd;
import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.IoThread;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.observe.ConnectionStats;
import dev.forge.redis.observe.ConnectionStats.TrackingState;
import dev.forge.redis.settings.RedisEndpoint;
import dev.forge.redis.settings.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a manager has open. Its states are NEW, OPEN from the first use, then CLOSED, and never back. */
public final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration THREADS_END = Duration.ofSeconds(2);
    private static final long PATIENCE_MILLIS = 10;
    private static final long HEARTBEAT_MILLIS = 250;

    private final RedisSettings settings;
    private final String address;
    private final Scheduler scheduler = new Scheduler();
    private final ObserverSlot observers = new ObserverSlot();
    private final LongAdder reconnects = new LongAdder();
    private final Crowd crowd = new Crowd();

    private volatile @Nullable Open open;
    private volatile boolean closed;

    // Guarded by this. Made on first use, because it loads the client.
    private @Nullable DirectClient direct;

    public Connections(RedisSettings settings) {
        this.settings = settings;
        this.address = settings.endpoint().toString();
    }

    /** What exists once the manager is open. */
    private record Open(
            ConnectionFactory connectionFactory,
            CommandDispatcher dispatcher,
            Commands commands,
            Future<?> heartbeat,
            Tracking tracking,
            CheckUp checkUp) {}

    /** Connects unless already connected. */
    public CompletableFuture<Void> open() {
        // A copy, because the attempt is shared and a caller may cancel what it gets.
        return opened().dispatcher().router().open().copy();
    }

    public Commands commands() {
        return opened().commands();
    }

    public boolean isCluster() {
        return settings.endpoint() instanceof RedisEndpoint.Cluster;
    }

    /**
     * Deletes {@code keys} on {@code terms}.
     *
     * @param window limits how many commands are under way at once
     */
    public <T> CompletableFuture<T> delete(
            BulkWindow window, KeySelection keys, DeletionTerms terms, Function<DeletionReport, T> answer) {
        Open current = opened();
        return new DeletionRun<>(
                        current.commands(), current.dispatcher().router(), window, scheduler, keys, terms, answer)
                .start();
    }

    /**
     * Returns the client for the user's own commands.
     *
     * @throws dev.forge.redis.failure.UnsupportedLibraryException if Lettuce is too old
     */
    public DirectClient direct() {
        Open current = opened();
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("RedisManager is closed");
            }
            if (direct == null) {
                direct = new DirectClient(settings, current.connectionFactory());
            }
            return direct;
        }
    }

    public Tracking tracking() {
        return opened().tracking();
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    /** Returns the observer of the manager, which may be set at any time. */
    public ObserverSlot observers() {
        return observers;
    }

    /** Returns the state of the connections; opens none. */
    public ConnectionStats stats() {
        Open current = open;
        if (current == null || closed) {
            return new ConnectionStats(false, 0, reconnects.sum(), 0, TrackingState.UNUSED);
        }
        CommandRouter router = current.dispatcher().router();
        List<RedisNode> primaries = router.primaries();
        List<RedisNode> nodes = router.nodes();
        return new ConnectionStats(
                !primaries.isEmpty() && primaries.stream().allMatch(RedisNode::isUp),
                nodes.stream().mapToInt(RedisNode::connections).sum(),
                reconnects.sum(),
                nodes.stream().mapToInt(RedisNode::inFlight).sum(),
                current.tracking().state().kind());
    }

    /** Returns the health of the servers; opens connections. */
    public CompletableFuture<Health> health(byte[] probeKey) {
        return closed
                ? CompletableFuture.completedFuture(new Health.Down(Health.Reason.CLOSED, "RedisManager is closed"))
                : opened().checkUp().health(probeKey);
    }

    /** Diagnoses every primary. */
    public CompletableFuture<Diagnosis> diagnose(byte[] probeKey) {
        return opened().checkUp().diagnose(probeKey);
    }

    /** Starts {@code operation} and waits for it; the failure has the stack of the caller. */
    public <T> T await(String name, Supplier<CompletableFuture<T>> operation) {
        IoThread.refuseToBlock(name);
        return await(name, operation.get());
    }

    /**
     * Like {@link #await(String, Supplier)}, for an operation that ends with its first command, which this thread may
     * send itself.
     */
    public <T> T awaitFirst(String name, Supplier<CompletableFuture<T>> operation) {
        IoThread.refuseToBlock(name);
        // In a crowd, one writer and one reader serve all faster.
        boolean few = crowd.waiting() < settings.poolSize();
        return await(name, few ? BlockingCall.first(operation) : operation.get());
    }

    /** Like {@link #await(String, Supplier)}, for an operation that has already been started. */
    public <T> T await(String name, CompletableFuture<T> future) {
        IoThread.refuseToBlock(name);
        try {
            return crowd.get(future);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new RedisInterruptedException(
                    name + " failed: the thread was interrupted while it waited for Redis at " + address
                            + "; the command may or may not have run",
                    e);
        } catch (ExecutionException e) {
            Throwable cause = Futures.unwrapped(e);
            if (cause instanceof RedisFailure failure) {
                throw failure.atCaller();
            }
            if (cause instanceof RuntimeException exception) {
                throw exception;
            }
            throw new IllegalStateException(name + " failed", cause);
        }
    }

    public void close() {
        IoThread.refuseToBlock("close");
        Open last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = open;
        }
        if (last == null) {
            scheduler.close();
            return;
        }
        OpenManagers.closed();
        long deadline = System.nanoTime() + CLOSE_NANOS;
        boolean interrupted = drain(last.dispatcher().router(), deadline);
        last.heartbeat().cancel(false);
        last.tracking().close();
        last.dispatcher().router().close();
        DirectClient client;
        synchronized (this) {
            client = direct;
        }
        if (client != null) {
            interrupted |= !ended(client.close());
        }
        interrupted |= !ended(last.connectionFactory());
        scheduler.close();
        last.dispatcher().close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until no call is under way or the time is up; returns whether it was interrupted. */
    private static boolean drain(CommandRouter router, long deadline) {
        boolean interrupted = false;
        while (router.load() > 0 && System.nanoTime() < deadline && !interrupted) {
            try {
                TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** Waits for the threads of the connections; returns whether it was not interrupted. */
    private static boolean ended(ConnectionFactory connectionFactory) {
        try {
            connectionFactory.close(THREADS_END);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Waits for one step of closing; returns whether it was not interrupted. */
    private boolean ended(CompletableFuture<?> step) {
        try {
            step.get(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Closing the connection to Redis at {} did not go smoothly: {}", address, Failures.describe(e));
        }
        return true;
    }

    private Open opened() {
        Open current = open;
        if (current != null && !closed) {
            return current;
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("RedisManager is closed");
            }
            if (open == null) {
                open = make();
                OpenManagers.opened();
            }
            return open;
        }
    }

    private Open make() {
        scheduler.start();
        ConnectionFactory connectionFactory = new ConnectionFactory(settings, scheduler);
        RouterFactory routers = new RouterFactory(settings, connectionFactory, scheduler, reconnects);
        CommandDispatcher dispatcher = new CommandDispatcher(
                self -> routers.router(node -> Commands.clusterView(self, node)),
                settings.socketTimeout(),
                new SizeLimit(settings.maxValueBytes()),
                address,
                scheduler,
                observers);
        Commands commands = new Commands(dispatcher);
        Tracking tracking = new Tracking(dispatcher, connectionFactory, settings, scheduler);
        return new Open(
                connectionFactory,
                dispatcher,
                commands,
                scheduler.every(HEARTBEAT_MILLIS, dispatcher::tick),
                tracking,
                new CheckUp(settings, commands, dispatcher.router(), tracking, scheduler));
    }
}
