package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.protocol.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Spreads threads over the connections to one node without changing the order of any thread's commands.
 *
 * <p>Threads are divided into stripes. While a stripe has commands in flight, all its commands take the same
 * connection; after the last reply, the next command may take another. So a thread that sends ten thousand commands at
 * once keeps one connection busy, and the other threads find a free one.
 *
 * <p>A retiring connection takes calls only from stripes that still have calls in flight on it.
 */
public final class ThreadAffinity {

    /** A connection with this many calls in flight takes no further stripes, unless all others are as busy. */
    public static final int BUSY = 64;

    private static final int STRIPES = 256;

    // One counter per cache line, which holds eight: neighbours would slow each other down (false sharing).
    private static final int SPACING = 3;

    private final Runnable crowded;

    // Each entry: the number of the connection, and how many commands of the stripe are in flight on it.
    private final AtomicLongArray affinity = new AtomicLongArray(STRIPES << SPACING);

    // The connections that finish their calls before they close; few, and not for long.
    private volatile List<PipelinedConnection> retiring = List.of();

    /** @param crowded runs when a stripe that is free to choose finds every connection busy */
    public ThreadAffinity(Runnable crowded) {
        this.crowded = crowded;
    }

    /** Returns the stripe of the current thread. */
    public static int ofThisThread() {
        return ((int) Thread.currentThread().getId() & STRIPES - 1) << SPACING;
    }

    /** Returns the connection that {@code call} of the current thread must take; {@code open} must not be empty. */
    public PipelinedConnection choose(PipelinedConnection[] open, Call<?> call) {
        int stripe = ofThisThread();
        call.stripe = stripe;
        while (true) {
            long state = affinity.get(stripe);
            PipelinedConnection current = (int) state == 0 ? null : find(open, state);
            if (current != null) {
                if (affinity.compareAndSet(stripe, state, state + 1)) {
                    return current;
                }
                continue;
            }
            PipelinedConnection next = freest(open);
            if (next.load() >= BUSY) {
                crowded.run();
            }
            if (affinity.compareAndSet(stripe, state, (long) next.number() << 32 | 1)) {
                return next;
            }
        }
    }

    /** Counts a call that must take {@code pipeline}; if its stripe is busy elsewhere, the call gets no stripe. */
    void enter(Call<?> call, PipelinedConnection pipeline) {
        int stripe = call.stripe;
        while (true) {
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

    /** Marks {@code connections} as retiring. */
    public synchronized void retire(List<PipelinedConnection> connections) {
        List<PipelinedConnection> all = new ArrayList<>(retiring);
        all.addAll(connections);
        all.removeIf(pipeline -> !pipeline.isOpen());
        retiring = List.copyOf(all);
    }

    /** Forgets retiring connections that have closed. */
    public void forgetClosed() {
        if (!retiring.isEmpty()) {
            retire(List.of());
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

    /** Records that {@code call} is no longer in flight on {@code pipeline}. */
    public void leave(Call<?> call, PipelinedConnection pipeline) {
        int stripe = call.stripe;
        while (true) {
            long state = affinity.get(stripe);
            // A stripe whose connection was lost has moved to another, and counts from there.
            if ((int) (state >>> 32) != pipeline.number()
                    || (int) state == 0
                    || affinity.compareAndSet(stripe, state, state - 1)) {
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
        for (PipelinedConnection pipeline : retiring) {
            if (pipeline.number() == number && pipeline.isOpen()) {
                return pipeline;
            }
        }
        return null;
    }
}
