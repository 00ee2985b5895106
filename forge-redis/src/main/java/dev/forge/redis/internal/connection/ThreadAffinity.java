package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the order of each thread's commands while they may take one of several connections to a node.
 *
 * <p>Threads are divided into stripes. While a stripe has commands in flight on a shared connection, all its commands
 * take the same one; after the last reply, the next command may take another, or a direct connection.
 *
 * <p>A retiring connection takes calls only from stripes that still have calls in flight on it.
 */
public final class ThreadAffinity {

    private static final int STRIPES = 256;

    // One counter per cache line, which holds eight: neighbours would slow each other down (false sharing).
    private static final int SPACING = 3;

    // Each entry: the number of the connection, and how many commands of the stripe are in flight on it.
    private final AtomicLongArray affinity = new AtomicLongArray(STRIPES << SPACING);

    // The connections that finish their calls before they close; few, and not for long.
    private volatile List<PipelinedConnection> retiring = List.of();

    /** Returns the stripe of the current thread. */
    public static int ofThisThread() {
        return ((int) Thread.currentThread().getId() & STRIPES - 1) << SPACING;
    }

    /** Returns whether the current thread has no call in flight on a shared connection. */
    public boolean isFree() {
        return (int) affinity.get(ofThisThread()) == 0;
    }

    /** Returns the connection that {@code call} must take for its stripe: {@code now}, or a retiring one. */
    public PipelinedConnection choose(PipelinedConnection now, Call<?> call) {
        int stripe = call.stripe;
        while (true) {
            long state = affinity.get(stripe);
            PipelinedConnection current = (int) state == 0 ? null : find(now, state);
            if (current != null) {
                if (affinity.compareAndSet(stripe, state, state + 1)) {
                    return current;
                }
            } else if (affinity.compareAndSet(stripe, state, (long) now.number() << 32 | 1)) {
                return now;
            }
        }
    }

    /**
     * Counts a call that must take {@code pipeline}, unless it has no stripe; if its stripe is busy elsewhere, it gets
     * none.
     */
    void enter(Call<?> call, PipelinedConnection pipeline) {
        int stripe = call.stripe;
        while (stripe != Call.NO_STRIPE) {
            long state = affinity.get(stripe);
            boolean here = (int) (state >>> 32) == pipeline.number();
            if (!here && (int) state != 0) {
                call.stripe = Call.NO_STRIPE;
                return;
            }
            if (affinity.compareAndSet(stripe, state, here ? state + 1 : (long) pipeline.number() << 32 | 1)) {
                return;
            }
        }
    }

    /** Marks {@code connection} as retiring. */
    public synchronized void retire(PipelinedConnection connection) {
        List<PipelinedConnection> all = new ArrayList<>(retiring);
        all.add(connection);
        all.removeIf(pipeline -> !pipeline.isOpen());
        retiring = List.copyOf(all);
    }

    /** Forgets retiring connections that have closed. */
    public void forgetClosed() {
        if (retiring.isEmpty()) {
            return;
        }
        synchronized (this) {
            retiring = retiring.stream().filter(PipelinedConnection::isOpen).toList();
        }
    }

    /** Closes the retiring connections. */
    public void closeRetiring() {
        retiring.forEach(PipelinedConnection::close);
    }

    /** Returns how many calls are in flight on retiring connections. */
    public int retiringLoad() {
        int load = 0;
        for (PipelinedConnection pipeline : retiring) {
            load += pipeline.load();
        }
        return load;
    }

    /** Records that {@code call}, if it has a stripe, is no longer in flight on {@code pipeline}. */
    public void leave(Call<?> call, PipelinedConnection pipeline) {
        int stripe = call.stripe;
        while (stripe != Call.NO_STRIPE) {
            long state = affinity.get(stripe);
            // A stripe whose connection was lost has moved to another, and counts from there.
            if ((int) (state >>> 32) != pipeline.number()
                    || (int) state == 0
                    || affinity.compareAndSet(stripe, state, state - 1)) {
                return;
            }
        }
    }

    private @Nullable PipelinedConnection find(PipelinedConnection now, long state) {
        int number = (int) (state >>> 32);
        if (now.number() == number) {
            return now;
        }
        for (PipelinedConnection pipeline : retiring) {
            if (pipeline.number() == number && pipeline.isOpen()) {
                return pipeline;
            }
        }
        return null;
    }
}
