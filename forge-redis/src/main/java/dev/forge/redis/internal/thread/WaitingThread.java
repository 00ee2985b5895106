package dev.forge.redis.internal.thread;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a future, and those that came before it. */
final class WaitingThread implements ForkJoinPool.ManagedBlocker {

    private final Future<?> future;
    private final long endsAt;

    /** Null once it waits no longer. */
    private volatile @Nullable Thread thread = Thread.currentThread();

    /** The one that came before, or null for none. */
    volatile @Nullable WaitingThread next;

    private boolean interrupted;

    /** @param endsAt when it stops waiting, on the clock of {@link System#nanoTime()}, or 0 for never */
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

    /** Returns whether it was interrupted, which has ended its wait. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Wakes {@code last} and all that came before it. */
    static void wake(@Nullable WaitingThread last) {
        for (WaitingThread each = last; each != null; each = each.next) {
            LockSupport.unpark(each.thread);
        }
    }

    /** Takes note that the thread waits no longer. */
    void leave() {
        thread = null;
    }

    boolean hasLeft() {
        return thread == null;
    }
}
