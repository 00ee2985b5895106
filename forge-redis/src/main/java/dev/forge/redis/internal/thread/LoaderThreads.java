package dev.forge.redis.internal.thread;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the loaders of one manager that do not run on the thread of their caller: virtual ones where the JVM has
 * them, or else daemons.
 */
final class LoaderThreads implements Executor {

    private static final long IDLE_SECONDS = 60;
    private static final @Nullable Executor VIRTUAL = virtual();

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor daemons = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::daemon);

    @Override
    public void execute(Runnable task) {
        Executor threads = VIRTUAL == null ? daemons : VIRTUAL;
        threads.execute(task);
    }

    /** Ends the idle threads. The others end with their tasks, and so do the threads of tasks that are given later. */
    void close() {
        daemons.setKeepAliveTime(0, TimeUnit.SECONDS);
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "forge-loader-" + made.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private static @Nullable Executor virtual() {
        try {
            // From Java 21 on; this code is compiled for 17.
            return (Executor)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }
}
