package dev.forge.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread of a manager that keeps the time: deadlines, heartbeats, and the next attempt to connect.
 *
 * <p>Calls that it ends have callbacks, which are the caller's code and may be slow. Those run on threads that are there
 * while they are needed, so that a slow one holds up neither the time nor the callbacks of calls that end later.
 */
public final class Scheduler {

    private static final int MOST_ENDINGS = 64;
    private static final long IDLE_SECONDS = 5;

    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor endings = new ThreadPoolExecutor(
            0,
            MOST_ENDINGS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            IoThread.factory("ending"),
            new ThreadPoolExecutor.CallerRunsPolicy());

    /** @param clock the thread, which belongs to whoever made it */
    Scheduler(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    /**
     * Runs {@code task}, which must be short, in {@code millis}.
     *
     * @throws RejectedExecutionException if the manager has closed
     */
    void schedule(Runnable task, long millis) {
        var unused = clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Runs what ends calls, and so their callbacks. */
    void end(Runnable calls) {
        if (endings.isShutdown()) {
            calls.run();
        } else {
            endings.execute(calls);
        }
    }

    /** Returns threads of the manager's own, for work that may call code of the application or block for a moment. */
    public Executor background() {
        return this::end;
    }

    /**
     * Runs {@code task} on a {@linkplain #background() background} thread in {@code millis}.
     *
     * @throws RejectedExecutionException if the manager has closed
     */
    public void after(long millis, Runnable task) {
        schedule(() -> end(task), millis);
    }

    /** Completes in {@code millis}, on a background thread; or at once if the manager has closed. */
    public CompletableFuture<Void> pause(long millis) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try {
            after(millis, () -> over.complete(null));
        } catch (RejectedExecutionException e) {
            over.complete(null);
        }
        return over;
    }

    /** Returns a copy of {@code future} that fails with {@link TimeoutException} if that has not ended in {@code time}. */
    public <T> CompletableFuture<T> within(Duration time, CompletableFuture<T> future) {
        CompletableFuture<T> bounded = future.copy();
        if (!bounded.isDone()) {
            after(time.toMillis(), () -> bounded.completeExceptionally(new TimeoutException()));
        }
        return bounded;
    }

    /** Lets what runs come to its end. */
    void close() {
        endings.shutdown();
    }
}
