package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.connection.ConnectAttempts;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ReconnectingConnection;
import dev.forge.redis.internal.connection.ThreadAffinity;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallTarget;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One server and its connections: the first is permanent, the others are opened under load.
 *
 * <p>Another connection is opened, up to the pool size, when a thread without calls under way finds at least
 * {@value ThreadAffinity#BUSY} calls on the least busy connection. Below that, one shared connection is faster than
 * many, because the commands of its threads travel together.
 *
 * <p>When the first connection was replaced, perhaps by one to another server, or could not be, the others are retired:
 * each is closed once its calls have been answered. Until then threads that wait for those calls stay on it.
 */
public final class RedisNode implements CallTarget {

    private static final PipelinedConnection[] NONE = {};
    private static final long GROWTH_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String address;
    private final Connector connector;
    private final Duration longestPatience;
    private final int poolSize;
    private final Scheduler scheduler;
    private final Runnable changed;
    private final LongAdder reconnects;
    private final ReconnectingConnection first;
    private final RedisFailure full;
    private final ThreadAffinity affinity = new ThreadAffinity(this::grow);
    private final AtomicInteger numbers = new AtomicInteger();

    private volatile PipelinedConnection[] open = NONE;

    // Guarded by this.
    private final List<PipelinedConnection> others = new ArrayList<>();
    private @Nullable PipelinedConnection main;
    private boolean wasConnected;
    private boolean growing;
    private boolean closed;
    private volatile long triedToGrowAt = System.nanoTime() - GROWTH_PAUSE_NANOS;

    /**
     * @param changed runs whenever the node has become reachable or unreachable
     * @param reconnects counts how often the first connection was made again, of all nodes
     */
    public RedisNode(
            String address,
            Connector connector,
            Duration longestPatience,
            int poolSize,
            Scheduler scheduler,
            Runnable changed,
            LongAdder reconnects) {
        this.address = address;
        this.connector = connector;
        this.longestPatience = longestPatience;
        this.poolSize = poolSize;
        this.scheduler = scheduler;
        this.changed = changed;
        this.reconnects = reconnects;
        this.full = PipelinedConnection.full(address);
        this.first = new ReconnectingConnection(
                patience -> connector.connect(patience).thenApply(this::joined),
                address,
                longestPatience,
                scheduler,
                this::firstChanged);
    }

    public String address() {
        return address;
    }

    /** Connects unless already connected. */
    public CompletableFuture<Void> open() {
        return first.open();
    }

    /** Returns whether there is a connection and the server is responsive. */
    public boolean isUp() {
        PipelinedConnection pipeline = first.pipeline();
        return pipeline != null && pipeline.isOpen() && !pipeline.monitor().isUnresponsive();
    }

    /** Returns why there is no connection, or null while there is one or none has been tried. */
    @Nullable
    RedisFailure failure() {
        return first.failure();
    }

    /** Sends {@code call}, or refuses it if the server is unreachable or unresponsive, or the connection is full. */
    @Override
    public void dispatch(Call<?> call) {
        PipelinedConnection[] now = open;
        if (now.length == 0) {
            call.stripe = ThreadAffinity.ofThisThread();
            PipelinedConnection opened = first.dispatch(call);
            if (opened == null) {
                return;
            }
            now = new PipelinedConnection[] {opened};
        }
        PipelinedConnection pipeline = affinity.choose(now, call);
        if (pipeline.monitor().isUnresponsive()) {
            affinity.leave(call, pipeline);
            call.refuse(new RedisUnavailableException(
                    "Redis at " + address + " has not replied for "
                            + pipeline.monitor().unresponsiveMillis() + " ms",
                    null));
        } else if (!pipeline.offer(call)) {
            affinity.leave(call, pipeline);
            call.refuse(full);
        }
    }

    /** Sends a read whose connection was lost, once there is a new one. */
    @Override
    public void dispatchAgain(Call<?> call) {
        call.stripe = Call.NO_STRIPE;
        first.dispatchAgain(call);
    }

    /**
     * Sends {@code call}, which the server behind {@code stale} redirected to this same address, on a new connection:
     * the address may lead to another server by now.
     */
    public void dispatchOnNewConnection(Call<?> call, CallConnection stale) {
        if (!stale.isOfNode()) {
            // The owner of that connection makes a new one.
            stale.close();
        }
        PipelinedConnection now = first.pipeline();
        if (now == null) {
            dispatchAgain(call);
        } else if (isOpen(stale)) {
            call.stripe = Call.NO_STRIPE;
            first.renew(call, now);
        } else {
            dispatch(call);
        }
    }

    /** Probes connections without a recent reply, and closes those that do not answer. */
    void checkConnections() {
        for (PipelinedConnection pipeline : open) {
            pipeline.monitor().look();
        }
        affinity.forgetClosed();
    }

    /**
     * Tries to replace the connections, if {@code stale} is one of them, with one from {@code by}; they serve until
     * then.
     */
    void replace(@Nullable CallConnection stale, Connector by) {
        if (isOpen(stale)) {
            first.replace(by);
        }
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private boolean isOpen(@Nullable CallConnection pipeline) {
        for (PipelinedConnection each : open) {
            if (each == pipeline) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many calls wait for a connection, or for a reply on a responsive one. */
    public int load() {
        int load = first.waiting();
        for (PipelinedConnection pipeline : open) {
            load += pipeline.monitor().isUnresponsive() ? 0 : pipeline.load();
        }
        return load + affinity.retiringLoad();
    }

    /** Returns how many connections are open. */
    public int connections() {
        return open.length;
    }

    /** Returns how many calls wait for a connection or for a reply, on a connection that is not responsive too. */
    public int inFlight() {
        int inFlight = first.waiting() + affinity.retiringLoad();
        for (PipelinedConnection pipeline : open) {
            inFlight += pipeline.load();
        }
        return inFlight;
    }

    public void close() {
        List<PipelinedConnection> gone;
        synchronized (this) {
            closed = true;
            gone = List.copyOf(others);
            others.clear();
        }
        gone.forEach(PipelinedConnection::close);
        affinity.closeRetiring();
        first.close();
    }

    /** Adds a new connection to those of this node. */
    private PipelinedConnection joined(PipelinedConnection pipeline) {
        pipeline.join(affinity, numbers.incrementAndGet());
        return pipeline;
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private void firstChanged() {
        List<PipelinedConnection> left = new ArrayList<>();
        synchronized (this) {
            PipelinedConnection now = first.pipeline();
            boolean another = now != null && now != main;
            if (another && main != null) {
                left.add(main);
            }
            if (another || first.isFailing()) {
                left.addAll(others);
                others.clear();
            }
            if (another && wasConnected) {
                reconnects.increment();
            }
            wasConnected |= another;
            main = now;
            // Before publish(), so that each thread finds its connection in at least one of the two places.
            affinity.retire(left);
            publish();
        }
        left.forEach(PipelinedConnection::finish);
        changed.run();
    }

    /** Opens another connection, unless the pool is full or one was tried within the last second. */
    private void grow() {
        if (open.length >= poolSize || System.nanoTime() - triedToGrowAt < GROWTH_PAUSE_NANOS) {
            return;
        }
        synchronized (this) {
            if (growing || closed || System.nanoTime() - triedToGrowAt < GROWTH_PAUSE_NANOS) {
                return;
            }
            growing = true;
            triedToGrowAt = System.nanoTime();
        }
        ConnectAttempts.connect(connector, longestPatience, scheduler).whenComplete((opened, failure) -> {
            if (opened != null) {
                joined(opened);
                opened.open(() -> lost(opened));
            }
            grown(opened);
        });
    }

    private void grown(@Nullable PipelinedConnection opened) {
        boolean kept;
        synchronized (this) {
            growing = false;
            kept = opened != null && opened.isOpen() && !closed && first.pipeline() != null;
            if (opened != null && kept) {
                others.add(opened);
                publish();
            }
        }
        if (opened != null && !kept) {
            opened.close();
        }
    }

    private void lost(PipelinedConnection gone) {
        synchronized (this) {
            others.remove(gone);
            publish();
        }
    }

    private void publish() {
        PipelinedConnection now = first.pipeline();
        List<PipelinedConnection> all = new ArrayList<>(others);
        if (now != null) {
            all.add(0, now);
        }
        open = all.toArray(NONE);
    }
}
