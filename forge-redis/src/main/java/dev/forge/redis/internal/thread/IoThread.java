package dev.forge.redis.internal.thread;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A thread of a manager that serves connections or completes futures, and so must never wait for a future. */
public final class IoThread extends Thread {

    private final @Nullable Scheduler scheduler;
    private final boolean clock;

    // Confined to this thread.
    private @Nullable WakeBatch wakeBatch;

    private IoThread(Runnable task, String name, @Nullable Scheduler scheduler, boolean clock) {
        super(task, name);
        this.scheduler = scheduler;
        this.clock = clock;
        setDaemon(true);
    }

    /** Returns a factory of threads called {@code forge-redis-<pool>-<number>}. */
    public static ThreadFactory factory(String pool) {
        return new Factory(pool, null, false);
    }

    /** Returns the factory of the clock of {@code scheduler}. */
    static ThreadFactory clockOf(Scheduler scheduler) {
        return new Factory("clock", scheduler, true);
    }

    /** Returns the factory of the background threads of {@code scheduler}. */
    static ThreadFactory backgroundOf(Scheduler scheduler) {
        return new Factory("background", scheduler, false);
    }

    /** Returns the batch that takes the virtual threads that the current thread wakes, or null for none. */
    static @Nullable WakeBatch wakeBatch() {
        return Thread.currentThread() instanceof IoThread thread ? thread.wakeBatch : null;
    }

    /** Makes {@code batch} take the virtual threads that the current thread wakes, if that is an {@code IoThread}. */
    static void setWakeBatch(@Nullable WakeBatch batch) {
        if (Thread.currentThread() instanceof IoThread thread) {
            thread.wakeBatch = batch;
        }
    }

    /** Returns the scheduler of which the current thread is the clock or a background thread, or null. */
    static @Nullable Scheduler scheduler() {
        return Thread.currentThread() instanceof IoThread thread ? thread.scheduler : null;
    }

    /** Returns whether the current thread is the clock of a scheduler. */
    public static boolean isClock() {
        return Thread.currentThread() instanceof IoThread thread && thread.clock;
    }

    /** Returns whether the current thread is the clock of {@code scheduler}. */
    static boolean isClockOf(Scheduler scheduler) {
        return Thread.currentThread() instanceof IoThread thread && thread.clock && thread.scheduler == scheduler;
    }

    /**
     * Throws on a thread that must not block because other threads wait for it.
     *
     * @throws IllegalStateException if the current thread serves connections
     */
    public static void refuseToBlock(String operation) {
        if (Thread.currentThread() instanceof IoThread) {
            throw new IllegalStateException(
                    operation + " must not block " + Thread.currentThread().getName()
                            + ", the thread that would have to receive the answer. This code runs in a callback of an async call:"
                            + " use the async variant there, or continue on an executor of your own (such as by thenApplyAsync).");
        }
    }

    /** Numbers its threads. */
    private static final class Factory implements ThreadFactory {
        private final String pool;
        private final @Nullable Scheduler scheduler;
        private final boolean clock;
        private final AtomicInteger made = new AtomicInteger();

        Factory(String pool, @Nullable Scheduler scheduler, boolean clock) {
            this.pool = pool;
            this.scheduler = scheduler;
            this.clock = clock;
        }

        @Override
        public Thread newThread(Runnable task) {
            return new IoThread(task, "forge-redis-" + pool + "-" + made.incrementAndGet(), scheduler, clock);
        }
    }
}
