package dev.forge.redis.internal.thread;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
 */
public class CallerFuture<T> extends TwoStepFuture<T> {

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
        if (heldByCaller && getNumberOfDependents() > 0) {
            // A callback may block.
            WakeBatch.wakeAllOfThisThread();
        }
        Scheduler scheduler = IoThread.scheduler();
        if (scheduler != null && (heldByCaller || IoThread.isClock())) {
            return endAhead(scheduler, value, failure);
        }
        return decideAndComplete(value, failure);
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
        return decideOn(outcome);
    }

    private void finishAhead(
            Scheduler scheduler, CompletableFuture<T> outcome, @Nullable T value, @Nullable Throwable failure) {
        if (!decideOn(outcome)) {
            return;
        }
        if (heldByCaller && IoThread.scheduler() != null && getNumberOfDependents() > 0) {
            // Callbacks were added in between.
            scheduler.callbacks().execute(() -> completeDecided(value, failure));
        } else {
            completeDecided(value, failure);
        }
    }

    private static <T> void complete(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
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
