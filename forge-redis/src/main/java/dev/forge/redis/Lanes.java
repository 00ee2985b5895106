package dev.forge.redis;

import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * Spreads threads over the connections to one node without changing the order of any thread's commands.
 *
 * <p>Threads fall into lanes. While a lane has commands under way, all it sends takes the same connection; when the last of
 * them has been answered, the next may take another. So a thread that sends ten thousand commands at once keeps one
 * connection busy, and the others find a free one.
 */
final class Lanes {

    private static final int LANES = 256;

    // A cache line holds eight of them, and neighbours would slow each other down.
    private static final int SPACING = 3;

    private final Runnable crowded;

    // In each: the number of the connection, and how many commands of the lane are under way on it.
    private final AtomicLongArray lanes = new AtomicLongArray(LANES << SPACING);

    /** @param crowded runs when a lane that is free to choose finds every connection busy */
    Lanes(Runnable crowded) {
        this.crowded = crowded;
    }

    /** Returns the lane of the current thread. */
    static int ofThisThread() {
        return ((int) Thread.currentThread().getId() & LANES - 1) << SPACING;
    }

    /** Returns the connection that {@code call} of the current thread has to take; at least one must be open. */
    Outbox choose(Outbox[] open, Call<?> call) {
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
            Outbox next = RedisNode.freest(open);
            if (next.load() >= RedisNode.BUSY) {
                crowded.run();
            }
            if (lanes.compareAndSet(lane, state, (long) next.number() << 32 | 1)) {
                return next;
            }
        }
    }

    /** Counts a call that takes {@code outbox} because it has waited for it: there was no other connection. */
    void enter(Call<?> call, Outbox outbox) {
        int lane = call.lane;
        while (true) {
            long state = lanes.get(lane);
            long counted = (int) (state >>> 32) == outbox.number() ? state + 1 : (long) outbox.number() << 32 | 1;
            if (lanes.compareAndSet(lane, state, counted)) {
                return;
            }
        }
    }

    /** A call of a lane is no longer under way on {@code outbox}. */
    void leave(Call<?> call, Outbox outbox) {
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

    private static @Nullable Outbox find(Outbox[] open, long state) {
        int number = (int) (state >>> 32);
        for (Outbox outbox : open) {
            if (outbox.number() == number) {
                return outbox;
            }
        }
        return null;
    }
}
