package dev.forge.redis.internal.thread;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on the threads of another executor, one after the other, so that they take only one of these.
 *
 * <p>Tasks must not throw. Thread-safe.
 */
public final class OneAtATime implements Executor {

    private final Executor threads;

    // Guarded by this.
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    public OneAtATime(Executor threads) {
        this.threads = threads;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (running) {
                return;
            }
            running = true;
        }
        boolean begun = false;
        try {
            threads.execute(this::runAll);
            begun = true;
        } finally {
            if (!begun) {
                // For lack of memory: the next task tries again.
                stop();
            }
        }
    }

    private synchronized void stop() {
        running = false;
    }

    private void runAll() {
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable task = tasks.poll();
        running = task != null;
        return task;
    }
}
