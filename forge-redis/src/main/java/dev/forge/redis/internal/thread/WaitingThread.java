package dev.forge.redis.internal.thread;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for a future, linked to the threads that began to wait before it. */
class WaitingThread implements ForkJoinPool.ManagedBlocker {

    private static final @Nullable Class<?> VIRTUAL_THREAD = virtualThread();

    // Before Java 24 a virtual thread keeps its carrier while it waits in a synchronized block, or to enter one. When
    // such threads have all carriers, one that is to wake the others may never run.
    private static final boolean WAKE_ONE_ANOTHER = Runtime.version().feature() >= 24;

    private final Future<?> future;
    private final long endsAt;

    /** Null once it no longer waits. */
    private volatile @Nullable Thread thread = Thread.currentThread();

    /** The thread that began to wait before it, or null for none. */
    volatile @Nullable WaitingThread next;

    private boolean interrupted;

    /**
     * Returns the current thread as one that will wait for {@code future}.
     *
     * @param endsAt when it stops waiting, as a time of {@link System#nanoTime()}, or 0 for no limit
     */
    static WaitingThread of(Future<?> future, long endsAt) {
        return WAKE_ONE_ANOTHER && isVirtual() ? new VirtualWaiter(future, endsAt) : new WaitingThread(future, endsAt);
    }

    /** Returns whether the current thread is virtual. */
    static boolean isVirtual() {
        return Thread.currentThread().getClass() == VIRTUAL_THREAD;
    }

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
    static void wakeAll(@Nullable WaitingThread last) {
        for (WaitingThread each = last; each != null; each = each.next) {
            each.wake();
        }
    }

    /** Wakes this thread, soon. */
    void wake() {
        unpark();
    }

    /** Wakes this thread now. */
    final void unpark() {
        LockSupport.unpark(thread);
    }

    /** Called by this thread when its wait is over, whatever ended it. */
    void ended() {}

    /** Notes that the thread no longer waits. */
    void leave() {
        thread = null;
    }

    boolean hasLeft() {
        return thread == null;
    }

    /** Returns the class of virtual threads, or null before Java 21. */
    private static @Nullable Class<?> virtualThread() {
        try {
            return Class.forName("java.lang.VirtualThread");
        } catch (ClassNotFoundException e) {
            return null;
        }
    }
}
