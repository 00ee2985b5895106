package dev.forge.redis.internal.route;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.connection.Lanes;
import dev.forge.redis.internal.connection.Outbox;
import dev.forge.redis.internal.connection.RedisLink;
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
 * <p>Another connection is opened, up to the pool size, when a thread that has nothing under way finds at least {@value Lanes#BUSY}
 * calls on the least busy one. Below that, one connection that many threads share is faster than many, because their
 * commands travel together.
 *
 * <p>Once the first one has been made again, which may lead to another server, or could not be, the others are left: each is
 * closed when its calls have been answered, and meanwhile the threads that wait for these stay on it.
 */
public final class RedisNode implements CallTarget {

    private static final Outbox[] NONE = {};
    private static final long GROWTH_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String address;
    private final RedisLink.Connector connector;
    private final Duration longestPatience;
    private final int poolSize;
    private final Scheduler scheduler;
    private final Runnable changed;
    private final RedisLink first;
    private final RedisFailure full;
    private final Lanes lanes = new Lanes(this::grow);
    private final AtomicInteger numbers = new AtomicInteger();

    private volatile Outbox[] open = NONE;

    // Guarded by this.
    private final List<Outbox> others = new ArrayList<>();
    private @Nullable Outbox main;
    private boolean growing;
    private boolean closed;
    private volatile long triedToGrowAt = System.nanoTime() - GROWTH_PAUSE_NANOS;

    /** @param changed runs whenever the node has become reachable or unreachable */
    public RedisNode(
            String address,
            RedisLink.Connector connector,
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
        this.full = Outbox.full(address);
        this.first = new RedisLink(
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
        Outbox outbox = first.outbox();
        return outbox != null && outbox.isOpen() && !outbox.signs().isSilent();
    }

    /** Returns why there is no connection, or null while there is one or none has been tried. */
    @Nullable
    RedisFailure failure() {
        return first.failure();
    }

    /** Sends {@code call}, or refuses it if the server cannot be reached or is not there. */
    @Override
    public void dispatch(Call<?> call) {
        Outbox[] now = open;
        if (now.length == 0) {
            call.lane = Lanes.ofThisThread();
            Outbox opened = first.dispatch(call);
            if (opened == null) {
                return;
            }
            now = new Outbox[] {opened};
        }
        Outbox outbox = lanes.choose(now, call);
        if (outbox.signs().isSilent()) {
            lanes.leave(call, outbox);
            call.refuse(new RedisUnavailableException(
                    "Redis at " + address + " has said nothing for "
                            + outbox.signs().silentMillis() + " ms",
                    null));
        } else if (!outbox.offer(call)) {
            lanes.leave(call, outbox);
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
        Outbox now = first.outbox();
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
        for (Outbox outbox : open) {
            outbox.signs().look();
        }
        lanes.forgetClosed();
    }

    /** Tries to replace the connections, of which {@code stale} is one, by what {@code by} makes; they serve meanwhile. */
    void replace(@Nullable CallConnection stale, RedisLink.Connector by) {
        if (isOpen(stale)) {
            first.replace(by);
        }
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private boolean isOpen(@Nullable CallConnection outbox) {
        for (Outbox each : open) {
            if (each == outbox) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many calls wait for a connection, or for an answer from one that is not silent. */
    public int load() {
        int load = first.waiting();
        for (Outbox outbox : open) {
            load += outbox.signs().isSilent() ? 0 : outbox.load();
        }
        return load + lanes.loadLeft();
    }

    public void close() {
        List<Outbox> gone;
        synchronized (this) {
            closed = true;
            gone = List.copyOf(others);
            others.clear();
        }
        gone.forEach(Outbox::close);
        lanes.closeLeft();
        first.close();
    }

    /** Counts a new connection among those of this node. */
    private Outbox joined(Outbox outbox) {
        outbox.join(lanes, numbers.incrementAndGet());
        return outbox;
    }

    @SuppressWarnings("ReferenceEquality") // that very connection
    private void firstChanged() {
        List<Outbox> left = new ArrayList<>();
        synchronized (this) {
            Outbox now = first.outbox();
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
            lanes.left(left);
            publish();
        }
        left.forEach(Outbox::finish);
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
        RedisLink.connect(connector, longestPatience, scheduler).whenComplete((opened, failure) -> {
            if (opened != null) {
                joined(opened);
                opened.open(() -> lost(opened));
            }
            grown(opened);
        });
    }

    private void grown(@Nullable Outbox opened) {
        boolean kept;
        synchronized (this) {
            growing = false;
            kept = opened != null && opened.isOpen() && !closed && first.outbox() != null;
            if (opened != null && kept) {
                others.add(opened);
                publish();
            }
        }
        if (opened != null && !kept) {
            opened.close();
        }
    }

    private void lost(Outbox gone) {
        synchronized (this) {
            others.remove(gone);
            publish();
        }
    }

    private void publish() {
        Outbox now = first.outbox();
        List<Outbox> all = new ArrayList<>(others);
        if (now != null) {
            all.add(0, now);
        }
        open = all.toArray(NONE);
    }
}
