package dev.forge.redis.internal.thread;

import org.jspecify.annotations.Nullable;

/**
 * Virtual threads whose replies were read together, and which are woken together.
 *
 * <p>A virtual thread that a platform thread wakes is handed to the scheduler of virtual threads from outside, which
 * locks a queue and often wakes a carrier. So only one of {@value #MOST} is woken from outside. It wakes the others
 * before it goes on, and they only join the queue of its carrier.
 *
 * <p>Confined to the thread that reads the replies. A callback of a caller, which may block, runs while no thread is in the
 * batch, unless it was added at the moment its call ended.
 */
public final class WakeBatch {

    // With more, those of a connection all go on at once and wait for one another's replies; with fewer, more are woken
    // from outside.
    private static final int MOST = 32;

    private @Nullable VirtualWaiter first;
    private @Nullable VirtualWaiter last;
    private int size;

    /** Takes the virtual threads that the current thread wakes from now on. */
    public void collect() {
        IoThread.setWakeBatch(this);
    }

    /** Takes no more threads. Those already taken wait for {@link #wakeAll()}. */
    public void stop() {
        IoThread.setWakeBatch(null);
    }

    /** Wakes those that were taken by the current thread, if it is collecting any. */
    static void wakeAllOfThisThread() {
        WakeBatch batch = IoThread.wakeBatch();
        if (batch != null) {
            batch.wakeAll();
        }
    }

    /** Takes {@code waiter}, whose wait is over. */
    void add(VirtualWaiter waiter) {
        if (last == null) {
            first = waiter;
        } else {
            last.nextToWake = waiter;
        }
        last = waiter;
        if (++size == MOST) {
            wakeAll();
        }
    }

    /** Wakes all that were taken. */
    public void wakeAll() {
        VirtualWaiter waiter = first;
        first = null;
        last = null;
        size = 0;
        while (waiter != null) {
            VirtualWaiter others = waiter.nextToWake;
            waiter.nextToWake = null;
            boolean handedOver = others != null && waiter.handOver(others);
            waiter.unpark();
            waiter = handedOver ? null : others;
        }
    }
}
