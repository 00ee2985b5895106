package dev.forge.redis.internal.thread;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread pool without threads at first, which adds one for each task that finds none idle, up to a limit.
 *
 * <p>One thread is started at a time, and starts the next one: starting a thread means waiting until a processor has
 * run it, which takes milliseconds on a busy machine. For the same reason the clock starts none in the middle of its
 * work: the calls that it ends together end at once.
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
    private final Consumer<Workers> tryAgain;
    private final BooleanSupplier startsLater;

    // Guarded by this.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private int threads;
    private boolean starting;
    private boolean owed;
    private int idle;
    private boolean closed;

    /**
     * @param most how many threads there are at most
     * @param tryAgain arranges for {@link #startMissing} of this pool to be called shortly
     * @param startsLater whether the current thread will call {@link #startOwed} after its work
     */
    Workers(int most, ThreadFactory factory, Consumer<Workers> tryAgain, BooleanSupplier startsLater) {
        this.most = most;
        this.factory = factory;
        this.tryAgain = tryAgain;
        this.startsLater = startsLater;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (idle >= tasks.size()) {
                notify();
                return;
            }
            if (startsLater.getAsBoolean()) {
                owed = true;
                return;
            }
        }
        startMissing();
    }

    /** Starts a thread if one is missing for what the current thread has handed over. */
    void startOwed() {
        synchronized (this) {
            if (!owed) {
                return;
            }
            owed = false;
        }
        startMissing();
    }

    /** Starts a thread if there is a task that no thread is about to take, and no thread that will start it. */
    void startMissing() {
        synchronized (this) {
            if (starting || idle >= tasks.size() || threads >= most) {
                return;
            }
            starting = true;
            threads++;
        }
        boolean started = false;
        try {
            factory.newThread(this::work).start();
            started = true;
        } catch (OutOfMemoryError e) {
            // Out of threads, not out of memory. The task stays queued, and the caller could do nothing about the
            // error.
            tryAgain.accept(this);
        } finally {
            if (!started) {
                notStarted();
            }
        }
    }

    private synchronized void notStarted() {
        starting = false;
        threads--;
    }

    private void work() {
        Runnable task = first();
        run(this::startMissing);
        for (; task != null; task = next()) {
            run(task);
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log(e);
        }
    }

    private static void log(Throwable failure) {
        try {
            LOG.warn("A task on {} failed", Thread.currentThread().getName(), failure);
        } catch (Throwable e) {
            // For lack of memory, like the failure itself, perhaps. This thread must not end while it is counted.
        }
    }

    /** Returns the first task of a thread. From here on another thread may be started. */
    private synchronized @Nullable Runnable first() {
        starting = false;
        return next();
    }

    /** Returns the next task, or null if this thread must end; it is then no longer counted. */
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
