package dev.forge.redis;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** A thread that serves connections: it completes futures and must never wait for one. */
final class IoThread extends FastThreadLocalThread {

    private static final int LARGEST_SCRATCH = 64 * 1024;

    private byte[] scratch = new byte[1024];

    private IoThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    /** Returns a factory of threads called {@code forge-redis-<pool>-<number>}. */
    static ThreadFactory factory(String pool) {
        AtomicInteger number = new AtomicInteger();
        return task -> new IoThread(task, "forge-redis-" + pool + "-" + number.incrementAndGet());
    }

    /** Returns at least {@code length} bytes to read into, which belong to the caller until it calls anything else. */
    static byte[] scratch(int length) {
        if (length > LARGEST_SCRATCH || !(Thread.currentThread() instanceof IoThread thread)) {
            return new byte[length];
        }
        if (thread.scratch.length < length) {
            thread.scratch = new byte[Math.min(LARGEST_SCRATCH, Integer.highestOneBit(length) * 2)];
        }
        return thread.scratch;
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
