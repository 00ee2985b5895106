package dev.forge.redis.internal.thread;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    // Far longer than one takes that can run.
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private @Nullable VirtualWaiter first;
    private @Nullable VirtualWaiter last;
    private int size;

    // Those that are to wake others: woken since the latest look, and before it.
    private List<VirtualWaiter> leaders = new ArrayList<>();
    private List<VirtualWaiter> lateLeaders = new ArrayList<>();
    private long lookedAt = System.nanoTime();

    /** Takes the virtual threads that the current thread wakes from now on. */
    public void collect() {
        IoThread.setWakeBatch(this);
    }

    /** Takes no more threads. Those already taken wait for {@link #wakeAll()}. */
    void stop() {
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
            if (handedOver) {
                leaders.add(waiter);
            }
            waiter = handedOver ? null : others;
        }
    }

    /**
     * Wakes those whose waker has not run for a while. It may never run: all carriers may be held by threads that wait for one
     * of these, such as for the end of a class initializer. To be called whenever bytes have come, which they do every second
     * from any server that replies.
     */
    public void wakeLate() {
        if (leaders.isEmpty() && lateLeaders.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        if (now - lookedAt < LATE_NANOS) {
            return;
        }
        lookedAt = now;
        nextLook();
    }

    private void nextLook() {
        lateLeaders.forEach(VirtualWaiter::ended);
        lateLeaders.clear();
        List<VirtualWaiter> empty = lateLeaders;
        lateLeaders = leaders;
        leaders = empty;
    }

    /** Takes no more, and wakes all that it has taken, whoever was to wake them. */
    public void end() {
        stop();
        wakeAll();
        nextLook();
        nextLook();
    }
}
