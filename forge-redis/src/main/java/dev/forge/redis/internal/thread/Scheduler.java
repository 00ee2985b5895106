package dev.forge.redis.internal.thread;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one manager that do not serve connections; none of them is shared with the application.
 *
 * <p>The clock is one thread that runs short tasks of Forge only: deadlines, heartbeats, the next attempt to connect.
 * The background is up to {@value #MOST_WORKERS} threads for Forge's own work. As many others run the callbacks of
 * calls that ended on one of those, see {@link CallerFuture}: however many callbacks block, the clock and the
 * background keep running. Threads are started on demand. If none can be started, the work is kept and starting is
 * tried again.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("CollectionUndefinedEquality") // a timer and a pause are equal to themselves only
public final class Scheduler {

    public static final int MOST_WORKERS = 64;

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.timers");
    private static final long TRY_AGAIN_MILLIS = 100;
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ScheduledThreadPoolExecutor clock;
    private final Workers background;
    private final Workers callbacks;
    private final LoaderThreads loaders = new LoaderThreads();
    private final Set<CompletableFuture<Void>> pauses = ConcurrentHashMap.newKeySet();

    // The timers of futures that may still be waited for after the manager has closed.
    private final Set<Future<?>> bounds = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    // When a failure was last logged. Confined to the clock.
    private long loggedAt = System.nanoTime() - QUIET_NANOS;

    /** Creates a scheduler that has no thread yet. */
    public Scheduler() {
        this(factory -> factory);
    }

    /** @param threads wraps the thread factories */
    public Scheduler(UnaryOperator<ThreadFactory> threads) {
        clock = new ScheduledThreadPoolExecutor(1, threads.apply(IoThread.clockOf(this)));
        clock.setRemoveOnCancelPolicy(true);
        background = workers(threads.apply(IoThread.backgroundOf(this)));
        callbacks = workers(threads.apply(IoThread.factory("callback")));
    }

    private Workers workers(ThreadFactory factory) {
        return new Workers(MOST_WORKERS, factory, this::tryAgain, () -> IoThread.isClockOf(this));
    }

    private void tryAgain(Workers workers) {
        try {
            schedule(workers::startMissing, TRY_AGAIN_MILLIS);
        } catch (RejectedExecutionException e) {
            // The manager has closed; the next task tries again.
        }
    }

    /** Starts the clock thread now, so that no later lack of threads can prevent it. */
    public void start() {
        clock.prestartCoreThread();
    }

    /**
     * Runs {@code task}, which must be short, on the clock after {@code millis}; never if the manager closes first.
     *
     * @throws RejectedExecutionException if the manager has closed
     */
    public Future<?> schedule(Runnable task, long millis) {
        return planned(clock.schedule(caught(task), millis, TimeUnit.MILLISECONDS));
    }

    /**
     * Runs {@code task}, which must be short, on the clock every {@code millis}, until it is cancelled or the manager
     * closes.
     *
     * @throws RejectedExecutionException if the manager has closed
     */
    public Future<?> every(long millis, Runnable task) {
        return planned(clock.scheduleWithFixedDelay(caught(task), millis, millis, TimeUnit.MILLISECONDS));
    }

    private Future<?> planned(Future<?> timer) {
        if (closed) {
            timer.cancel(false);
            throw new RejectedExecutionException("the manager of Redis is closed");
        }
        return timer;
    }

    /**
     * Returns {@code task} with its exceptions logged, so that they do not stop it from repeating. The threads for what
     * it has handed over are started after it.
     */
    private Runnable caught(Runnable task) {
        return () -> {
            run(task);
            run(background::startOwed);
            run(callbacks::startOwed);
        };
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            log(e);
        }
    }

    private void log(Throwable failure) {
        try {
            long now = System.nanoTime();
            if (now - loggedAt >= QUIET_NANOS) {
                loggedAt = now;
                LOG.warn(
                        "A scheduled task of the Redis manager failed; no other failure is logged for a minute",
                        failure);
            } else {
                LOG.debug("A scheduled task of the Redis manager failed", failure);
            }
        } catch (Throwable e) {
            // For lack of memory, like the failure itself, perhaps. The task must be repeated all the same.
        }
    }

    /**
     * Returns up to {@value #MOST_WORKERS} threads of the manager, for work of Forge that may take a moment. Submitted
     * tasks run even if the manager closes meanwhile.
     */
    public Executor background() {
        return background;
    }

    /** Returns the threads that run callbacks, which may block for any time. */
    Executor callbacks() {
        return callbacks;
    }

    /** Returns the threads that run the loaders of caches without an executor; tasks run even if the manager has closed. */
    public Executor loaders() {
        return loaders;
    }

    /**
     * Runs {@code task} on a {@linkplain #background() background} thread after {@code millis}; never if the manager
     * closes first.
     *
     * @throws RejectedExecutionException if the manager has closed
     */
    public void after(long millis, Runnable task) {
        schedule(() -> background.execute(task), millis);
    }

    /**
     * Returns a future that completes after {@code millis} on a background thread, or as soon as the manager closes.
     */
    public CompletableFuture<Void> pause(long millis) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        try {
            pauses.add(over);
            Future<?> timer = schedule(() -> background.execute(() -> over.complete(null)), millis);
            over.whenComplete((done, failure) -> {
                pauses.remove(over);
                timer.cancel(false);
            });
        } catch (RejectedExecutionException e) {
            pauses.remove(over);
            over.complete(null);
        }
        return over;
    }

    /**
     * Returns a copy of {@code future} that fails with {@link TimeoutException}, on a background thread, if the
     * original has not ended within {@code time}. This holds even if the manager closes meanwhile. If the manager had
     * closed before, there is no bound.
     */
    public <T> CompletableFuture<T> within(Duration time, CompletableFuture<T> future) {
        CompletableFuture<T> bounded = future.copy();
        if (bounded.isDone()) {
            return bounded;
        }
        try {
            Future<?> timer = bound(bounded, time.toMillis());
            bounded.whenComplete((value, failure) -> {
                timer.cancel(false);
                bounds.remove(timer);
            });
        } catch (RejectedExecutionException e) {
            // The manager has closed: what still runs ends with its connections.
        }
        return bounded;
    }

    private synchronized Future<?> bound(CompletableFuture<?> future, long millis) {
        Future<?> timer =
                schedule(() -> background.execute(() -> future.completeExceptionally(new TimeoutException())), millis);
        bounds.add(timer);
        return timer;
    }

    /** Drops scheduled tasks, ends pauses, and lets running tasks finish. */
    public synchronized void close() {
        closed = true;
        for (Runnable task : clock.getQueue()) {
            if (task instanceof Future<?> timer && !bounds.contains(timer)) {
                timer.cancel(false);
            }
        }
        clock.shutdown();
        pauses.forEach(pause -> background.execute(() -> pause.complete(null)));
        background.close();
        callbacks.close();
        loaders.close();
    }
}
