package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Spreads threads over the connections to one node without changing the order of any thread's commands.
 *
 * <p>Threads fall into lanes. While a lane has commands under way, all it sends takes the same connection; when the last of
 * them has been answered, the next may take another. So a thread that sends ten thousand commands at once keeps one
 * connection busy, and the others find a free one.
 *
 * <p>A connection that is being left takes the calls of those lanes that have others under way on it, and of no other.
 */
public final class ThreadAffinity {

    /** A connection with so many calls under way is left to those that already use it. */
    public static final int BUSY = 64;

    private static final int LANES = 256;

    // A cache line holds eight of them, and neighbours would slow each other down.
    private static final int SPACING = 3;

    private final Runnable crowded;

    // In each: the number of the connection, and how many commands of the lane are under way on it.
    private final AtomicLongArray affinity = new AtomicLongArray(LANES << SPACING);

    // The connections that are being left; few, and not for long.
    private volatile List<PipelinedConnection> left = List.of();

    /** @param crowded runs when a lane that is free to choose finds every connection busy */
    public ThreadAffinity(Runnable crowded) {
        this.crowded = crowded;
    }

    /** Returns the lane of the current thread. */
    public static int ofThisThread() {
        return ((int) Thread.currentThread().getId() & LANES - 1) << SPACING;
    }

    /** Returns the connection that {@code call} of the current thread has to take; at least one must be open. */
    public PipelinedConnection choose(PipelinedConnection[] open, Call<?> call) {
        int lane = ofThisThread();
        call.lane = lane;
        while (true) {
            long state = affinity.get(lane);
            PipelinedConnection current = (int) state == 0 ? null : find(open, state);
            if (current != null) {
                if (affinity.compareAndSet(lane, state, state + 1)) {
                    return current;
                }
                continue;
            }
            PipelinedConnection next = freest(open);
            if (next.load() >= BUSY) {
                crowded.run();
            }
            if (affinity.compareAndSet(lane, state, (long) next.number() << 32 | 1)) {
                return next;
            }
        }
    }

    /** Counts a call that takes {@code pipeline} whatever its lane does; where that is busy elsewhere, it counts in none. */
    void enter(Call<?> call, PipelinedConnection pipeline) {
        int lane = call.lane;
        while (true) {
            long state = affinity.get(lane);
            boolean here = (int) (state >>> 32) == pipeline.number();
            if (!here && (int) state != 0) {
                call.lane = Call.NO_LANE;
                return;
            }
            if (affinity.compareAndSet(lane, state, here ? state + 1 : (long) pipeline.number() << 32 | 1)) {
                return;
            }
        }
    }

    /** Takes note that {@code connections} are being left, from now on. */
    public synchronized void left(List<PipelinedConnection> connections) {
        List<PipelinedConnection> all = new ArrayList<>(left);
        all.addAll(connections);
        all.removeIf(pipeline -> !pipeline.isOpen());
        left = List.copyOf(all);
    }

    /** Forgets connections that have been left and are closed by now. */
    public void forgetClosed() {
        if (!left.isEmpty()) {
            left(List.of());
        }
    }

    /** Closes the connections that are being left. */
    public void closeLeft() {
        left.forEach(PipelinedConnection::close);
    }

    /** Returns how many calls are under way on connections that are being left. */
    public int loadLeft() {
        int load = 0;
        for (PipelinedConnection pipeline : left) {
            load += pipeline.load();
        }
        return load;
    }

    /** A call of a lane is no longer under way on {@code pipeline}. */
    public void leave(Call<?> call, PipelinedConnection pipeline) {
        int lane = call.lane;
        while (true) {
            long state = affinity.get(lane);
            // A lane whose connection went has moved to another, and counts from there.
            if ((int) (state >>> 32) != pipeline.number()
                    || (int) state == 0
                    || affinity.compareAndSet(lane, state, state - 1)) {
                return;
            }
        }
    }

    /** Returns the first connection that is not busy, or else the least busy one. */
    static PipelinedConnection freest(PipelinedConnection[] open) {
        PipelinedConnection freest = open[0];
        int least = freest.load();
        for (int i = 1; i < open.length && least >= BUSY; i++) {
            int load = open[i].load();
            if (load < least) {
                least = load;
                freest = open[i];
            }
        }
        return freest;
    }

    private @Nullable PipelinedConnection find(PipelinedConnection[] open, long state) {
        int number = (int) (state >>> 32);
        for (PipelinedConnection pipeline : open) {
            if (pipeline.number() == number) {
                return pipeline;
            }
        }
        for (PipelinedConnection pipeline : left) {
            if (pipeline.number() == number && pipeline.isOpen()) {
                return pipeline;
            }
        }
        return null;
    }
}
