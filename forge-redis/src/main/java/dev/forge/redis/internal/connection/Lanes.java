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
public final class Lanes {

    /** A connection with so many calls under way is left to those that already use it. */
    public static final int BUSY = 64;

    private static final int LANES = 256;

    // A cache line holds eight of them, and neighbours would slow each other down.
    private static final int SPACING = 3;

    private final Runnable crowded;

    // In each: the number of the connection, and how many commands of the lane are under way on it.
    private final AtomicLongArray lanes = new AtomicLongArray(LANES << SPACING);

    // The connections that are being left; few, and not for long.
    private volatile List<Outbox> left = List.of();

    /** @param crowded runs when a lane that is free to choose finds every connection busy */
    public Lanes(Runnable crowded) {
        this.crowded = crowded;
    }

    /** Returns the lane of the current thread. */
    public static int ofThisThread() {
        return ((int) Thread.currentThread().getId() & LANES - 1) << SPACING;
    }

    /** Returns the connection that {@code call} of the current thread has to take; at least one must be open. */
    public Outbox choose(Outbox[] open, Call<?> call) {
        int lane = ofThisThread();
        call.lane = lane;
        while (true) {
            long state = lanes.get(lane);
            Outbox current = (int) state == 0 ? null : find(open, state);
            if (current != null) {
                if (lanes.compareAndSet(lane, state, state + 1)) {
                    return current;
                }
                continue;
            }
            Outbox next = freest(open);
            if (next.load() >= BUSY) {
                crowded.run();
            }
            if (lanes.compareAndSet(lane, state, (long) next.number() << 32 | 1)) {
                return next;
            }
        }
    }

    /** Counts a call that takes {@code outbox} whatever its lane does; where that is busy elsewhere, it counts in none. */
    void enter(Call<?> call, Outbox outbox) {
        int lane = call.lane;
        while (true) {
            long state = lanes.get(lane);
            boolean here = (int) (state >>> 32) == outbox.number();
            if (!here && (int) state != 0) {
                call.lane = Call.NO_LANE;
                return;
            }
            if (lanes.compareAndSet(lane, state, here ? state + 1 : (long) outbox.number() << 32 | 1)) {
                return;
            }
        }
    }

    /** Takes note that {@code connections} are being left, from now on. */
    public synchronized void left(List<Outbox> connections) {
        List<Outbox> all = new ArrayList<>(left);
        all.addAll(connections);
        all.removeIf(outbox -> !outbox.isOpen());
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
        left.forEach(Outbox::close);
    }

    /** Returns how many calls are under way on connections that are being left. */
    public int loadLeft() {
        int load = 0;
        for (Outbox outbox : left) {
            load += outbox.load();
        }
        return load;
    }

    /** A call of a lane is no longer under way on {@code outbox}. */
    public void leave(Call<?> call, Outbox outbox) {
        int lane = call.lane;
        while (true) {
            long state = lanes.get(lane);
            // A lane whose connection went has moved to another, and counts from there.
            if ((int) (state >>> 32) != outbox.number()
                    || (int) state == 0
                    || lanes.compareAndSet(lane, state, state - 1)) {
                return;
            }
        }
    }

    /** Returns the first connection that is not busy, or else the least busy one. */
    static Outbox freest(Outbox[] open) {
        Outbox freest = open[0];
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

    private @Nullable Outbox find(Outbox[] open, long state) {
        int number = (int) (state >>> 32);
        for (Outbox outbox : open) {
            if (outbox.number() == number) {
                return outbox;
            }
        }
        for (Outbox outbox : left) {
            if (outbox.number() == number && outbox.isOpen()) {
                return outbox;
            }
        }
        return null;
    }
}
