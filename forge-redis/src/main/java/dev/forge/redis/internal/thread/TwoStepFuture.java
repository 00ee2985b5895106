package dev.forge.redis.internal.thread;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * A future that ends in two steps: its outcome is decided, which wakes waiting threads; then it is completed, which
 * runs its callbacks.
 *
 * <p>From the first step on, threads that wait, poll or read get the outcome, however long the second step takes.
 *
 * <pre>
 *   null or waiters --- both steps at once ---> ENDED, and the future itself is completed
 *         \
 *          `----------- the first step -------> the outcome, and the future itself is completed later
 * </pre>
 */
abstract class TwoStepFuture<T> extends CompletableFuture<T> {

    private static final Object ENDED = new Object();
    private static final Object LOST = new Object();

    @SuppressWarnings("rawtypes") // an updater cannot name the type parameters
    private static final AtomicReferenceFieldUpdater<TwoStepFuture, @Nullable Object> STATE =
            AtomicReferenceFieldUpdater.newUpdater(TwoStepFuture.class, Object.class, "state");

    /** While undecided the most recent {@link WaitingThread}, or null for none; then ENDED or the outcome. */
    private volatile @Nullable Object state;

    /** Takes both steps; returns false if the outcome was decided before. */
    final boolean decideAndComplete(@Nullable T value, @Nullable Throwable failure) {
        Object waiters = decide(ENDED);
        if (waiters == LOST) {
            return false;
        }
        try {
            completeDecided(value, failure);
        } finally {
            if (super.isDone()) {
                wake(waiters);
            } else {
                // For lack of memory or stack. It is not decided then: its deadline, for example, can still end it.
                state = waiters;
            }
        }
        return true;
    }

    /** Takes the first step; returns whether {@code outcome} is the outcome of this future. */
    @SuppressWarnings("ReferenceEquality") // the same outcome
    final boolean decideOn(CompletableFuture<T> outcome) {
        Object waiters = decide(outcome);
        if (waiters == LOST) {
            return state == outcome;
        }
        wake(waiters);
        return true;
    }

    /** Takes the second step. */
    final void completeDecided(@Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(failure);
        }
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

    /** Waits until the outcome is known or until {@code endsAt}, where 0 means no limit. */
    private void await(long endsAt) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        WaitingThread waiter = WaitingThread.of(this, endsAt);
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
        try {
            ForkJoinPool.managedBlock(waiter);
        } finally {
            waiter.ended();
        }
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
        WaitingThread.wakeAll((WaitingThread) waiters);
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
            // The sum of a very negative one would overflow.
            long endsAt = System.nanoTime() + Math.max(0, unit.toNanos(timeout));
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
}
