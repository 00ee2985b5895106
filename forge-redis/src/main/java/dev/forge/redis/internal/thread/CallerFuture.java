package dev.forge.redis.internal.thread;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future whose outcome is visible to waiting and polling threads before its callbacks run.
 *
 * <p>An ordinary future runs its callbacks on the thread that completes it. On a thread that all others depend on, see
 * {@link IoThread#scheduler()}, this one only decides the outcome, wakes waiting threads, and leaves the rest to other
 * threads. So a blocking callback delays neither the clock nor the outcome of another call; it delays other callbacks
 * once {@value Scheduler#MOST_WORKERS} of them block. On any other thread it completes like every future.
 *
 * <p>A stage that depends on this one is completed by a callback.
 *
 * <pre>
 *   null or waiters --- complete on another thread -------> ENDED, and the future itself is completed
 *         \
 *          `---------- complete on a thread of Forge ----> the outcome, and the future itself is completed later
 * </pre>
 */
public class CallerFuture<T> extends CompletableFuture<T> {

    private static final Object ENDED = new Object();
    private static final Object LOST = new Object();

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicReferenceFieldUpdater<CallerFuture, @Nullable Object> STATE =
            AtomicReferenceFieldUpdater.newUpdater(CallerFuture.class, Object.class, "state");

    /** While undecided the most recent {@link WaitingThread}, or null for none; then ENDED or the outcome. */
    private volatile @Nullable Object state;

    /**
     * Whether a caller may have added callbacks; otherwise all are Forge's. Set before the caller gets the future; a
     * thread that does not see it yet checks again before it runs callbacks.
     */
    private boolean heldByCaller;

    /** Returns {@code future}, or a copy of it, for a caller to hold; cancelling a copy cancels the original. */
    public static <T> CompletableFuture<T> of(CompletableFuture<T> future) {
        if (future instanceof CallerFuture<T> own) {
            own.heldByCaller = true;
            return own;
        }
        if (future.isDone()) {
            return future;
        }
        CallerFuture<T> copy = new Copy<>(future);
        copy.heldByCaller = true;
        future.whenComplete(copy::end);
        return copy;
    }

    /** A copy of a future that is not of this kind. */
    static final class Copy<T> extends CallerFuture<T> {
        private final CompletableFuture<T> original;

        private Copy(CompletableFuture<T> original) {
            this.original = original;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            original.cancel(mayInterruptIfRunning);
            return cancelled;
        }
    }

    @Override
    public boolean complete(T value) {
        return end(value, null);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return end(null, requireNonNull(failure, "failure"));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return end(null, new CancellationException()) || isCancelled();
    }

    private boolean end(@Nullable T value, @Nullable Throwable failure) {
        Scheduler scheduler = IoThread.scheduler();
        if (scheduler != null && (heldByCaller || IoThread.isClock())) {
            return endAhead(scheduler, value, failure);
        }
        Object waiters = decide(ENDED);
        if (waiters == LOST) {
            return false;
        }
        try {
            finish(value, failure);
        } finally {
            wake(waiters);
        }
        return true;
    }

    private boolean endAhead(Scheduler scheduler, @Nullable T value, @Nullable Throwable failure) {
        if (isDone()) {
            return false;
        }
        CompletableFuture<T> outcome = new CompletableFuture<>();
        complete(outcome, value, failure);
        Executor threads = heldByCaller && getNumberOfDependents() > 0 ? scheduler.callbacks() : scheduler.background();
        // Before the decision, so that no outcome is decided that cannot be finished, for example for lack of memory.
        threads.execute(() -> finishAhead(scheduler, outcome, value, failure));
        return decideAhead(outcome);
    }

    private void finishAhead(
            Scheduler scheduler, CompletableFuture<T> outcome, @Nullable T value, @Nullable Throwable failure) {
        if (!decideAhead(outcome)) {
            return;
        }
        if (heldByCaller && IoThread.scheduler() != null && getNumberOfDependents() > 0) {
            // Callbacks were added in between.
            scheduler.callbacks().execute(() -> finish(value, failure));
        } else {
            finish(value, failure);
        }
    }

    /** Decides on {@code outcome}; returns whether that is the outcome of this future. */
    @SuppressWarnings("ReferenceEquality") // that very outcome
    private boolean decideAhead(CompletableFuture<T> outcome) {
        Object waiters = decide(outcome);
        if (waiters == LOST) {
            return state == outcome;
        }
        wake(waiters);
        return true;
    }

    /** Returns the waiting threads, or LOST if an outcome was decided before. */
    private @Nullable Object decide(Object outcome) {
        while (true) {
            Object now = state;
            if (now != null && !(now instanceof WaitingThread)) {
                return LOST;
            }
            if (STATE.compareAndSet(this, now, outcome)) {
                return now;
            }
        }
    }

    private void finish(@Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(failure);
        }
    }

    private static <T> void complete(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    /** Waits until the outcome is known or until {@code endsAt}, where 0 means no limit. */
    private void await(long endsAt) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        WaitingThread waiter = new WaitingThread(this, endsAt);
        Object now;
        do {
            now = state;
            waiter.next = now instanceof WaitingThread before ? before : null;
        } while ((now == null || now instanceof WaitingThread) && !STATE.compareAndSet(this, now, waiter));
        if (now == ENDED) {
            // Its completion is under way and will not wake this thread.
            awaitCompletion(endsAt);
            return;
        }
        ForkJoinPool.managedBlock(waiter);
        if (!isDone()) {
            leave(waiter);
            if (waiter.isInterrupted()) {
                throw new InterruptedException();
            }
        } else if (waiter.isInterrupted()) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitCompletion(long endsAt) throws InterruptedException {
        try {
            if (endsAt == 0) {
                super.get();
            } else {
                super.get(Math.max(0, endsAt - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (ExecutionException | CancellationException | TimeoutException e) {
            // The caller reads the outcome itself.
        }
    }

    /**
     * Removes a thread that no longer waits, so that many short waits do not fill the memory. Starts over if two
     * threads leave at once, as {@link java.util.concurrent.FutureTask} does.
     */
    private void leave(WaitingThread gone) {
        gone.leave();
        while (!removeLeftThreads()) {
            Thread.onSpinWait();
        }
    }

    private boolean removeLeftThreads() {
        WaitingThread kept = null;
        WaitingThread each = state instanceof WaitingThread last ? last : null;
        while (each != null) {
            WaitingThread next = each.next;
            if (!each.hasLeft()) {
                kept = each;
            } else if (kept == null) {
                if (!STATE.compareAndSet(this, each, next)) {
                    return false;
                }
            } else {
                kept.next = next;
                if (kept.hasLeft()) {
                    return false;
                }
            }
            each = next;
        }
        return true;
    }

    private static void wake(@Nullable Object waiters) {
        WaitingThread.wake((WaitingThread) waiters);
    }

    /** Returns the outcome if it was decided before the callbacks ran, or null. */
    @SuppressWarnings("unchecked") // a future in this field is the outcome
    private @Nullable CompletableFuture<T> outcome() {
        return state instanceof CompletableFuture<?> outcome ? (CompletableFuture<T>) outcome : null;
    }

    @Override
    public boolean isDone() {
        return super.isDone() || outcome() != null;
    }

    @Override
    public boolean isCancelled() {
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.isCancelled() : outcome.isCancelled();
    }

    @Override
    public boolean isCompletedExceptionally() {
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.isCompletedExceptionally() : outcome.isCompletedExceptionally();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            await(0);
        }
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.get() : outcome.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!isDone()) {
            long endsAt = System.nanoTime() + unit.toNanos(timeout);
            // Zero would mean no limit.
            await(endsAt == 0 ? 1 : endsAt);
        }
        if (!isDone()) {
            throw new TimeoutException();
        }
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.get() : outcome.get();
    }

    @Override
    public T join() {
        boolean interrupted = false;
        while (!isDone()) {
            try {
                await(0);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.join() : outcome.join();
    }

    @Override
    public T getNow(T absent) {
        CompletableFuture<T> outcome = outcome();
        return outcome == null ? super.getNow(absent) : outcome.getNow(absent);
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
        executor.execute(() -> {
            try {
                complete(supplier.get());
            } catch (Throwable e) {
                completeExceptionally(e);
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
        return completeAsync(supplier, defaultExecutor());
    }

    @Override
    public void obtrudeValue(T value) {
        throw new UnsupportedOperationException("the outcome of this call is final; use copy() to make your own");
    }

    @Override
    public void obtrudeException(Throwable failure) {
        throw new UnsupportedOperationException("the outcome of this call is final; use copy() to make your own");
    }
}
