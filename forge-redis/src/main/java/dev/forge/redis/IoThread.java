package dev.forge.redis;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread that serves connections: it completes futures and must never wait for one. */
final class IoThread extends FastThreadLocalThread {

    private IoThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    /** Returns a factory of threads called {@code forge-redis-<pool>-<number>}. */
    static ThreadFactory factory(String pool) {
        AtomicInteger number = new AtomicInteger();
        return task -> new IoThread(task, "forge-redis-" + pool + "-" + number.incrementAndGet());
    }

    /**
     * Refuses to let a thread wait that other threads wait for.
     *
     * @throws IllegalStateException if the current thread serves connections
     */
    static void refuseToBlock(String operation) {
        if (Thread.currentThread() instanceof IoThread) {
            throw new IllegalStateException(
                    operation + " must not block " + Thread.currentThread().getName()
                            + ", the thread that would have to receive the answer. This code runs in a callback of an async call:"
                            + " use the async twin there, or continue on an executor of your own (thenApplyAsync and its like).");
        }
    }
}
