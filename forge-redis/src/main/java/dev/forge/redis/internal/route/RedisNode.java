package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
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
import org.jspecify.annotations.Nullable;

/**
 * One server, and the connections to it: the first is always kept, the others are opened when load asks for them.
 *
 * <p>Another connection is opened, up to the pool size, when a thread that has nothing under way finds at least {@value ThreadAffinity#BUSY}
 * calls on the least busy one. Below that, one connection that many threads share is faster than many, because their
 * commands travel together.
 *
 * <p>Once the first one has been made again, which may lead to another server, or could not be, the others are left: each is
 * closed when its calls have been answered, and meanwhile the threads that wait for these stay on it.
 */
public final class RedisNode implements CallTarget {

    private static final PipelinedConnection[] NONE = {};
    private static final long GROWTH_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String address;
    private final ReconnectingConnection.Connector connector;
    private final Duration longestPatience;
    private final int poolSize;
    private final Scheduler scheduler;
    private final Runnable changed;
    private final ReconnectingConnection first;
    private final RedisFailure full;
    private final ThreadAffinity affinity = new ThreadAffinity(this::grow);
    private final AtomicInteger numbers = new AtomicInteger();

    private volatile PipelinedConnection[] open = NONE;

    // Guarded by this.
    private final List<PipelinedConnection> others = new ArrayList<>();
    private @Nullable PipelinedConnection main;
    private boolean growing;
    private boolean closed;
    private volatile long triedToGrowAt = System.nanoTime() - GROWTH_PAUSE_NANOS;

    /** @param changed runs whenever the node has become reachable or unreachable */
    public RedisNode(
            String address,
            ReconnectingConnection.Connector connector,
            Duration longestPatience,
            int poolSize,
            Scheduler scheduler,
            Runnable changed) {
        this.address = address;
        this.connector = connector;
        this.longestPatience = longestPatience;
        this.poolSize = poolSize;
        this.scheduler = scheduler;
        this.changed = changed;
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

    /** Connects, unless that is done. */
    public CompletableFuture<Void> open() {
        return first.open();
    }

    /** Returns whether there is a connection, and the server has not gone quiet. */
    public boolean isUp() {
        PipelinedConnection pipeline = first.pipeline();
        return pipeline != null && pipeline.isOpen() && !pipeline.monitor().isSilent();
    }

    /** Returns why there is no connection, or null while there is one or none has been tried. */
    @Nullable
    RedisFailure failure() {
        return first.failure();
    }

    /** Sends {@code call}, or refuses it if the server cannot be reached or is not there. */
    @Override
    public void dispatch(Call<?> call) {
        PipelinedConnection[] now = open;
        if (now.length == 0) {
            call.lane = ThreadAffinity.ofThisThread();
            PipelinedConnection opened = first.dispatch(call);
            if (opened == null) {
                return;
            }
            now = new PipelinedConnection[] {opened};
        }
        PipelinedConnection pipeline = affinity.choose(now, call);
        if (pipeline.monitor().isSilent()) {
            affinity.leave(call, pipeline);
            call.refuse(new RedisUnavailableException(
                    "Redis at " + address + " has said nothing for "
                            + pipeline.monitor().silentMillis() + " ms",
                    null));
        } else if (!pipeline.offer(call)) {
            affinity.leave(call, pipeline);
            call.refuse(full);
        }
    }

    /** Sends a read whose connection was lost, once there is another. */
    @Override
    public void dispatchAgain(Call<?> call) {
        call.lane = Call.NO_LANE;
        first.dispatchAgain(call);
    }

    /**
     * Sends {@code call}, which the server at the other end of {@code stale} refers to this very node: a name may lead to another
     * server by now, so that takes a new connection.
     */
    public void dispatchAnew(Call<?> call, CallConnection stale) {
        if (!stale.isOfNode()) {
            // Its owner makes another.
            stale.close();
        }
        PipelinedConnection now = first.pipeline();
        if (now == null) {
            dispatchAgain(call);
        } else if (isOpen(stale)) {
            call.lane = Call.NO_LANE;
            first.renew(call, now);
        } else {
            dispatch(call);
        }
    }

    /** Asks connections that have been quiet for a sign of life, and gives up those that show none. */
    void listen() {
        for (PipelinedConnection pipeline : open) {
            pipeline.monitor().look();
        }
        affinity.forgetClosed();
    }

    /** Tries to replace the connections, of which {@code stale} is one, by what {@code by} makes; they serve meanwhile. */
    void replace(@Nullable CallConnection stale, ReconnectingConnection.Connector by) {
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

    /** Returns how many calls wait for a connection, or for an answer from one that is not silent. */
    public int load() {
        int load = first.waiting();
        for (PipelinedConnection pipeline : open) {
            load += pipeline.monitor().isSilent() ? 0 : pipeline.load();
        }
        return load + affinity.loadLeft();
    }

    public void close() {
        List<PipelinedConnection> gone;
        synchronized (this) {
            closed = true;
            gone = List.copyOf(others);
            others.clear();
        }
        gone.forEach(PipelinedConnection::close);
        affinity.closeLeft();
        first.close();
    }

    /** Counts a new connection among those of this node. */
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
            main = now;
            // First, so that no thread finds its connection in neither place.
            affinity.left(left);
            publish();
        }
        left.forEach(PipelinedConnection::finish);
        changed.run();
    }

    /** Opens another connection, unless there are enough or one has just been opened. */
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
        ReconnectingConnection.connect(connector, longestPatience, scheduler).whenComplete((opened, failure) -> {
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
