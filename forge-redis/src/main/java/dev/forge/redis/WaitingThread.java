package dev.forge.redis;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a future, and those that came before it. */
final class WaitingThread implements ForkJoinPool.ManagedBlocker {

    private final Future<?> future;
    private final Thread thread;
    private final long endsAt;

    /** The one that came before; it is set before others see this one. */
    @Nullable
    WaitingThread next;

    private boolean interrupted;

    /** @param endsAt when it stops waiting, on the clock of {@link System#nanoTime()}, or 0 for never */
    WaitingThread(Future<?> future, long endsAt) {
        this(future, Thread.currentThread(), endsAt);
    }

    private WaitingThread(Future<?> future, Thread thread, long endsAt) {
        this.future = future;
        this.thread = thread;
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

    /** Returns copies of {@code last} and all that came before it but {@code gone}. */
    static @Nullable WaitingThread without(WaitingThread gone, WaitingThread last) {
        WaitingThread kept = null;
        for (WaitingThread each = last; each != null; each = each.next) {
            if (each.thread != gone.thread) {
                WaitingThread copy = new WaitingThread(each.future, each.thread, each.endsAt);
                copy.next = kept;
                kept = copy;
            }
        }
        return kept;
    }
}
