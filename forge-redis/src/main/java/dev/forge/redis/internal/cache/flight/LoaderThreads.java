package dev.forge.redis.internal.cache.flight;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The default executor of loaders that do not run on the thread of their caller. */
public final class LoaderThreads {

    public static final Executor EXECUTOR = create();

    private LoaderThreads() {}

    private static Executor create() {
        try {
            // Virtual threads, where the JVM has them (21 and later); this code is compiled for 17.
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            AtomicInteger number = new AtomicInteger();
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "forge-loader-" + number.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        }
    }
}
