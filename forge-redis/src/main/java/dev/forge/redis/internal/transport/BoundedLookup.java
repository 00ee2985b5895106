package dev.forge.redis.internal.transport;

import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs something that may block for any time, such as reading a file, each time on a thread of its own.
 *
 * <p>Callers that ask at the same time share one run. A run that takes too long fails, and its thread is interrupted;
 * the next caller starts another run, unless {@value #MOST_UNANSWERED} threads have not returned yet.
 *
 * <p>Thread-safe. No lock is held while something runs, so asking does not block.
 */
final class BoundedLookup<T> {

    static final int MOST_UNANSWERED = 3;

    private final String subject;
    private final String pool;
    private final Callable<T> source;
    private final Duration patience;
    private final Scheduler scheduler;

    // Guarded by this.
    private final Set<Thread> unanswered = new HashSet<>();
    private @Nullable CompletableFuture<T> current;
    private int started;
    private boolean closed;

    /**
     * @param subject what is looked up, as failures name it
     * @param pool names the threads: {@code forge-redis-<pool>-<number>}
     * @param patience how long one run may take
     */
    BoundedLookup(String subject, String pool, Callable<T> source, Duration patience, Scheduler scheduler) {
        this.subject = subject;
        this.pool = pool;
        this.source = source;
        this.patience = patience;
        this.scheduler = scheduler;
    }

    /** Returns the result of a run; the future is shared and must not be completed by the caller. */
    CompletableFuture<T> ask() {
        CompletableFuture<T> answer;
        Thread thread;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(closedFailure());
            }
            if (current != null && !current.isDone()) {
                return current;
            }
            if (unanswered.size() >= MOST_UNANSWERED) {
                return CompletableFuture.failedFuture(new IllegalStateException(
                        subject + " was requested " + unanswered.size() + " times, and no request has returned"));
            }
            answer = new CompletableFuture<>();
            current = answer;
            started++;
            thread = new Thread(() -> run(answer), "forge-redis-" + pool + "-" + started);
            unanswered.add(thread);
        }
        thread.setDaemon(true);
        start(thread, answer);
        return answer;
    }

    private void start(Thread thread, CompletableFuture<T> answer) {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // Thrown when no more threads can be started, not for want of memory.
            returned(thread);
            answer.completeExceptionally(e);
            return;
        }
        try {
            Future<?> timer = scheduler.schedule(
                    () -> scheduler.background().execute(() -> giveUp(thread, answer)), patience.toMillis());
            answer.whenComplete((found, failure) -> timer.cancel(false));
        } catch (RejectedExecutionException e) {
            giveUp(thread, answer);
        }
    }

    private void giveUp(Thread thread, CompletableFuture<T> answer) {
        if (answer.completeExceptionally(
                new IllegalStateException(subject + " was not supplied within " + patience.toMillis() + " ms"))) {
            thread.interrupt();
        }
    }

    private void run(CompletableFuture<T> answer) {
        T found;
        try {
            found = source.call();
        } catch (Throwable e) {
            returned(Thread.currentThread());
            answer.completeExceptionally(e);
            return;
        }
        returned(Thread.currentThread());
        answer.complete(found);
    }

    private synchronized void returned(Thread thread) {
        unanswered.remove(thread);
    }

    /** Fails the run under way, interrupts all threads that have not returned, and starts no more. */
    void close() {
        CompletableFuture<T> last;
        synchronized (this) {
            closed = true;
            last = current;
        }
        if (last != null) {
            last.completeExceptionally(closedFailure());
        }
        synchronized (this) {
            unanswered.forEach(Thread::interrupt);
        }
    }

    private static IllegalStateException closedFailure() {
        return new IllegalStateException("the manager of Redis is closed");
    }
}
