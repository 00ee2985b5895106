package dev.forge.redis.internal.thread;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread pool without threads at first, which adds one for each task that finds none idle, up to a limit.
 *
 * <p>Beyond the limit tasks wait in their order. They also wait if no thread can be created, for example because of a
 * process limit: no task is lost, and creating a thread is tried again. Tasks given before closing run to their end. A
 * task given later still runs, on a thread that ends with it.
 */
final class Workers implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int most;
    private final ThreadFactory factory;
    private final Runnable tryAgain;

    // Guarded by this.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private int threads;
    private int idle;
    private boolean closed;

    /**
     * @param most how many threads there are at most
     * @param tryAgain arranges for {@link #startMissing} to be called shortly
     */
    Workers(int most, ThreadFactory factory, Runnable tryAgain) {
        this.most = most;
        this.factory = factory;
        this.tryAgain = tryAgain;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (idle >= tasks.size()) {
                notify();
                return;
            }
        }
        startMissing();
    }

    /** Starts a thread if there is a task that no thread is about to take. */
    void startMissing() {
        synchronized (this) {
            if (idle >= tasks.size() || threads >= most) {
                return;
            }
            threads++;
        }
        boolean started = false;
        try {
            factory.newThread(this::work).start();
            started = true;
        } catch (OutOfMemoryError e) {
            // Out of threads, not out of memory. The task stays queued, and the caller could do nothing about the
            // error.
            tryAgain.run();
        } finally {
            if (!started) {
                ended();
            }
        }
    }

    private synchronized void ended() {
        threads--;
    }

    private void work() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.warn("A task on {} failed", Thread.currentThread().getName(), e);
            }
        }
    }

    /** Returns the next task, or null if this thread must end; it is no longer counted then. */
    private synchronized @Nullable Runnable next() {
        long end = System.nanoTime() + IDLE_NANOS;
        while (tasks.isEmpty()) {
            long left = end - System.nanoTime();
            if (closed || left <= 0) {
                threads--;
                return null;
            }
            idle++;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                // A task has left its thread interrupted, which must not affect the next one.
            } finally {
                idle--;
            }
        }
        return tasks.poll();
    }

    /** Lets each thread end once it has no task. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
