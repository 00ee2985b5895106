package dev.forge.redis.internal.thread;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a future, linked to the threads that began to wait before it. */
final class WaitingThread implements ForkJoinPool.ManagedBlocker {

    private final Future<?> future;
    private final long endsAt;

    /** Null once it no longer waits. */
    private volatile @Nullable Thread thread = Thread.currentThread();

    /** The thread that began to wait before it, or null for none. */
    volatile @Nullable WaitingThread next;

    private boolean interrupted;

    /** @param endsAt when it stops waiting, as a time of {@link System#nanoTime()}, or 0 for no limit */
    WaitingThread(Future<?> future, long endsAt) {
        this.future = future;
        this.endsAt = endsAt;
    }

    @Override
    public boolean isReleasable() {
        return future.isDone() || interrupted || (endsAt != 0 && System.nanoTime() - endsAt >= 0);
    }

    @Override
    public boolean block() {
        while (!isReleasable()) {
            if (endsAt == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, endsAt - System.nanoTime());
            }
            interrupted = Thread.interrupted();
        }
        return true;
    }

    /** Returns whether its wait was ended by an interrupt. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Wakes {@code last} and all threads linked from it. */
    static void wake(@Nullable WaitingThread last) {
        for (WaitingThread each = last; each != null; each = each.next) {
            LockSupport.unpark(each.thread);
        }
    }

    /** Notes that the thread no longer waits. */
    void leave() {
        thread = null;
    }

    boolean hasLeft() {
        return thread == null;
    }
}
