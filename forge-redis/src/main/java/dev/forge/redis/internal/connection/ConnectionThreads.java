package dev.forge.redis.internal.connection;

import dev.forge.redis.internal.thread.IoThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that serve the connections of one manager; each ends with its connection.
 *
 * <p>Thread-safe.
 */
final class ConnectionThreads {

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final ThreadFactory readers = IoThread.factory("reader");
    private final ThreadFactory writers = IoThread.factory("writer");

    /** What a thread does. */
    interface Task {
        void run() throws Exception;
    }

    /** Runs {@code task} on a thread that connects and reads; {@code failed} fails if that does, or cannot start. */
    void startReader(CompletableFuture<?> failed, Task task) {
        start(readers, failed, task);
    }

    /** Runs {@code task} on a thread that writes; {@code failed} fails if that does, or cannot start. */
    void startWriter(CompletableFuture<?> failed, Task task) {
        start(writers, failed, task);
    }

    private void start(ThreadFactory factory, CompletableFuture<?> failed, Task task) {
        Thread thread = factory.newThread(() -> run(failed, task));
        running.add(thread);
        try {
            thread.start();
        } catch (Throwable e) {
            // For lack of threads.
            running.remove(thread);
            failed.completeExceptionally(e);
        }
    }

    private void run(CompletableFuture<?> failed, Task task) {
        try {
            task.run();
        } catch (Throwable e) {
            failed.completeExceptionally(e);
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    int running() {
        return running.size();
    }

    /** Waits at most {@code time} until all threads have ended. */
    void awaitEnd(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (Thread thread : running) {
            long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
            if (left > 0) {
                thread.join(left);
            }
        }
    }
}
