package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.failure.RefusalReason;
import dev.forge.redis.internal.connection.Connector;
import dev.forge.redis.internal.connection.PipelinedConnection;
import dev.forge.redis.internal.connection.ReconnectingConnection;
import dev.forge.redis.internal.connection.ThreadAffinity;
import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.protocol.CallTarget;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One server and its connections: a shared one, and direct ones beside it for few callers that block.
 *
 * <p>When the shared connection was replaced, perhaps by one to another server, the old one is retired with those
 * beside it: it is closed once its calls have been answered. Until then threads that wait for those calls stay on it.
 */
public final class RedisNode implements CallTarget {

    // Why a replica cannot serve a read now, though its primary may.
    private static final Set<RefusalReason> CANNOT_SERVE_NOW =
            EnumSet.of(RefusalReason.LOADING, RefusalReason.MASTERDOWN, RefusalReason.CLUSTERDOWN, RefusalReason.BUSY);

    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String address;
    private final Duration longestPatience;
    private final int mostDirect;
    private final Runnable changed;
    private final LongAdder reconnects;
    private final ReconnectingConnection shared;
    private final RedisFailure full;
    private final ThreadAffinity affinity = new ThreadAffinity();
    private final AtomicInteger numbers = new AtomicInteger();

    private volatile @Nullable PipelinedConnection open;

    // As a replica: when reads may be sent to it again after it has refused one.
    private volatile long servesReadsFrom = System.nanoTime();

    private volatile long moves;

    // Guarded by this.
    private @Nullable String lastAddress;

    /**
     * @param mostDirect how many direct connections there may be
     * @param changed runs whenever the node has become reachable or unreachable
     * @param reconnects counts how often the shared connection was made again, of all nodes
     */
    public RedisNode(
            String address,
            Connector connector,
            Duration longestPatience,
            int mostDirect,
            Scheduler scheduler,
            Runnable changed,
            LongAdder reconnects) {
        this.address = address;
        this.longestPatience = longestPatience;
        this.mostDirect = mostDirect;
        this.changed = changed;
        this.reconnects = reconnects;
        this.full = PipelinedConnection.full(address);
        this.shared = new ReconnectingConnection(
                joining(connector), address, longestPatience, scheduler, this::sharedChanged);
    }

    public String address() {
        return address;
    }

    /** Connects unless already connected. */
    public CompletableFuture<Void> open() {
        return shared.open();
    }

    /**
     * Returns the address of the server that calls are sent to, or null while there is no connection. After {@link #moves} has
     * grown, it is the new one.
     */
    public synchronized @Nullable String connectedTo() {
        PipelinedConnection now = open;
        return now == null ? null : now.address();
    }

    /** Returns how often a connection has led to an address other than that of the one before. */
    long moves() {
        return moves;
    }

    /** Returns whether there is a connection and the server is responsive. */
    public boolean isUp() {
        PipelinedConnection pipeline = shared.pipeline();
        return pipeline != null && pipeline.isOpen() && !pipeline.monitor().isUnresponsive();
    }

    /** Returns whether reads may be sent to this replica: it is up, and has refused none for a second. */
    boolean servesReads() {
        return isUp() && System.nanoTime() - servesReadsFrom >= 0;
    }

    /**
     * Sends to {@code primary} a read that this replica has refused, if the replica cannot serve reads now; it then gets
     * none for a second.
     *
     * @return whether the read was sent
     */
    boolean passesOn(Call<?> call, RefusalReason reason, RedisNode primary) {
        if (CANNOT_SERVE_NOW.contains(reason)) {
            servesReadsFrom = System.nanoTime() + REFUSED_NANOS;
        }
        return primary.takesOver(call, reason);
    }

    /**
     * Sends a read that a replica of this node has refused, if the replica cannot serve reads now; returns whether it was
     * sent.
     */
    boolean takesOver(Call<?> call, RefusalReason reason) {
        if (!CANNOT_SERVE_NOW.contains(reason) || !call.startOver()) {
            return false;
        }
        call.asking = false;
        dispatch(call);
        return true;
    }

    /** Returns why there is no connection, or null while there is one or none has been tried. */
    @Nullable
    RedisFailure failure() {
        return shared.failure();
    }

    /** Sends {@code call}, or refuses it if the server is unreachable or unresponsive, or the connection is full. */
    @Override
    public void dispatch(Call<?> call) {
        if (call.stripe == Call.NO_STRIPE) {
            call.stripe = ThreadAffinity.ofThisThread();
        }
        PipelinedConnection now = open;
        if (now == null) {
            // The thread that sends it later must not wait for its reply.
            call.mayGoDirectly = false;
            now = shared.dispatch(call);
            if (now == null) {
                return;
            }
        }
        if (call.mayGoDirectly && sentDirectly(call, now)) {
            return;
        }
        PipelinedConnection chosen = affinity.choose(now, call);
        if (chosen.monitor().isUnresponsive()) {
            affinity.leave(call, chosen);
            call.refuse(new RedisUnavailableException(
                    "Redis at " + address + " has not replied for "
                            + chosen.monitor().unresponsiveMillis() + " ms",
                    null));
        } else if (!chosen.offer(call)) {
            affinity.leave(call, chosen);
            call.refuse(full);
        }
    }

    /** Sends the call on a direct connection and waits for its reply, if there is one to use now. */
    private boolean sentDirectly(Call<?> call, PipelinedConnection beside) {
        call.mayGoDirectly = false;
        // Earlier calls of this thread that are still in flight elsewhere must not be overtaken.
        return !beside.monitor().isUnresponsive()
                && affinity.isFree()
                && beside.directs().run(call, beside.blockedCallers());
    }

    /** Sends a read whose connection was lost, once there is a new one. */
    @Override
    public void dispatchAgain(Call<?> call) {
        call.stripe = Call.NO_STRIPE;
        shared.dispatchAgain(call);
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
        PipelinedConnection now = shared.pipeline();
        if (now == null) {
            dispatchAgain(call);
        } else if (isOpen(stale)) {
            call.stripe = Call.NO_STRIPE;
            shared.renew(call, now);
        } else {
            dispatch(call);
        }
    }

    /**
     * Probes the connection if it has had no recent reply, and closes it if it does not answer. If it was lost, ensures
     * that there will be another.
     */
    void checkConnections() {
        PipelinedConnection now = open;
        if (now != null) {
            now.monitor().look();
            now.directs().closeIdle();
        } else {
            shared.ensureRetried();
        }
        affinity.forgetClosed();
    }

    /**
     * Tries to replace the connections, if {@code stale} is one of them, with one from {@code by}; they serve until
     * then.
     */
    void replace(@Nullable CallConnection stale, Connector by) {
        if (isOpen(stale)) {
            replace(by);
        }
    }

    /** Tries to replace the connections, whichever there are, with one from {@code by}; they serve until then. */
    void replace(Connector by) {
        shared.replace(joining(by));
    }

    /** Returns whether {@code connection} is one of those that are used now. */
    @SuppressWarnings("ReferenceEquality") // the same connection
    private boolean isOpen(@Nullable CallConnection connection) {
        PipelinedConnection now = open;
        return now != null && (connection == now || now.isBeside(connection));
    }

    /** Returns how many calls wait for a connection, or for a reply on a responsive one. */
    public int load() {
        PipelinedConnection now = open;
        int load = now == null || now.monitor().isUnresponsive() ? 0 : inFlight(now);
        return shared.waiting() + load + affinity.retiringLoad();
    }

    /** Returns how many connections are open. */
    public int connections() {
        PipelinedConnection now = open;
        return now == null ? 0 : 1 + now.directs().open();
    }

    /** Returns how many calls wait for a connection or for a reply, including those on an unresponsive connection. */
    public int inFlight() {
        PipelinedConnection now = open;
        return shared.waiting() + affinity.retiringLoad() + (now == null ? 0 : inFlight(now));
    }

    private static int inFlight(PipelinedConnection pipeline) {
        return pipeline.load() + pipeline.directs().load();
    }

    public void close() {
        affinity.closeRetiring();
        shared.close();
    }

    /** Returns {@code connector}, whose connections belong to this node. */
    private Connector joining(Connector connector) {
        return patience -> connector.connect(patience).thenApply(this::joined);
    }

    /** Makes a new connection the next one of this node. */
    private PipelinedConnection joined(PipelinedConnection pipeline) {
        pipeline.join(affinity, numbers.incrementAndGet());
        pipeline.allowDirect(mostDirect, longestPatience);
        return pipeline;
    }

    @SuppressWarnings("ReferenceEquality") // the same connection
    private void sharedChanged() {
        PipelinedConnection left;
        synchronized (this) {
            PipelinedConnection now = shared.pipeline();
            left = null;
            if (now != null && now != open) {
                left = open;
                if (lastAddress != null) {
                    reconnects.increment();
                    moves += lastAddress.equals(now.address()) ? 0 : 1;
                }
                lastAddress = now.address();
            }
            if (left != null) {
                // Before it is replaced, so that each thread finds its connection in at least one of the two places.
                affinity.retire(left);
            }
            open = now;
        }
        if (left != null) {
            left.finish();
        }
        changed.run();
    }
}
