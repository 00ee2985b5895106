package dev.forge.redis.internal.command;

import dev.forge.redis.failure.RedisUnavailableException;
import dev.forge.redis.internal.thread.BlockingCall;
import dev.forge.redis.internal.thread.Futures;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many commands of bulk work are under way at once. This leaves room for the commands of others, and only
 * those under way need memory.
 *
 * <p>All bulk work of a manager shares {@link dev.forge.redis.internal.RedisCore#bulkWindow()}. The first commands are
 * sent by the thread that calls {@link #forEach}; the rest by
 * {@linkplain dev.forge.redis.internal.thread.Scheduler#background() background} threads, as earlier ones end. Bulk
 * operations that run at the same time take turns.
 *
 * <p>While Redis is unavailable each command fails as it would alone. One that is refused because too many commands are
 * under way is sent again after a short pause, for five seconds at most. Nothing here blocks.
 *
 * <p>A command sent here must not wait for other work of the same window: that work may itself wait for its turn.
 *
 * <p>Thread-safe.
 */
public final class BulkWindow {

    private static final long PAUSE_MILLIS = 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final int most;
    private final Executor background;
    private final LongFunction<CompletableFuture<Void>> pause;

    // Guarded by this.
    private final Queue<Work> waiting = new ArrayDeque<>();
    private int underWay;
    private boolean refilling;

    /**
     * @param most how many commands may be under way at once
     * @param background runs code that encodes values
     * @param pause returns a future that completes after the given number of milliseconds
     */
    public BulkWindow(int most, Executor background, LongFunction<CompletableFuture<Void>> pause) {
        this.most = most;
        this.background = background;
        this.pause = pause;
    }

    /**
     * Calls {@code send} for each number below {@code count}, in order, as there is room, from one thread at a time.
     *
     * <p>The result ends when every command has ended. It fails with the first failure, but all commands are sent. An
     * exception thrown by {@code send} counts as a failure.
     */
    public CompletableFuture<Void> forEach(int count, IntFunction<? extends CompletableFuture<?>> send) {
        if (count == 0) {
            return CompletableFuture.completedFuture(null);
        }
        if (count > 1) {
            BlockingCall.sideBySide();
        }
        Work work = new Work(count, send);
        while (true) {
            int number;
            synchronized (this) {
                if (work.isAllSent()) {
                    return work.done;
                }
                if (underWay >= most || !waiting.isEmpty()) {
                    waiting.add(work);
                    return work.done;
                }
                number = work.next++;
                underWay++;
            }
            start(work, number);
        }
    }

    /** Sends one command, and retries it for up to five seconds while it is refused because too many are under way. */
    public <T> CompletableFuture<T> whenRoom(Supplier<CompletableFuture<T>> send) {
        return send.get().exceptionallyCompose(failure -> retried(send, failure, System.nanoTime()));
    }

    private <T> CompletableFuture<T> retried(Supplier<CompletableFuture<T>> send, Throwable failure, long since) {
        if (!isBackPressure(failure) || System.nanoTime() - since > PATIENCE_NANOS) {
            return CompletableFuture.failedFuture(failure);
        }
        return pause.apply(PAUSE_MILLIS)
                .thenCompose(over -> send.get())
                .exceptionallyCompose(again -> retried(send, again, since));
    }

    /** Returns whether {@code thrown} means that a command was refused because too many others were under way. */
    public static boolean isBackPressure(@Nullable Throwable thrown) {
        return thrown != null
                && Futures.unwrapped(thrown) instanceof RedisUnavailableException unavailable
                && unavailable.isBackPressure();
    }

    private void start(Work work, int number) {
        CompletableFuture<?> sent;
        try {
            sent = whenRoom(() -> work.send(number));
        } catch (Throwable thrown) {
            sent = CompletableFuture.failedFuture(thrown);
        }
        sent.whenComplete((result, failure) -> {
            ended();
            work.ended(failure);
        });
    }

    private void ended() {
        synchronized (this) {
            underWay--;
            // Refills half a window at a time: waking a thread for each command would cost more than the command.
            if (refilling || waiting.isEmpty() || underWay > most / 2) {
                return;
            }
            refilling = true;
        }
        try {
            background.execute(this::refill);
        } catch (Throwable noThread) {
            // No background thread is available: the rest is sent from here, or it would never be sent.
            refill();
        }
    }

    /** Sends waiting commands until the window is full. Only one thread at a time runs this. */
    private void refill() {
        while (true) {
            Work work;
            int number;
            synchronized (this) {
                Work first = underWay < most ? waiting.poll() : null;
                if (first == null) {
                    refilling = false;
                    return;
                }
                work = first;
                number = work.next++;
                underWay++;
                if (!work.isAllSent()) {
                    waiting.add(work);
                }
            }
            start(work, number);
        }
    }

    /** One call of {@link #forEach}. */
    private static final class Work {
        private final int count;
        private final IntFunction<? extends CompletableFuture<?>> send;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicInteger left;
        private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

        // Guarded by the window.
        private int next;

        private Work(int count, IntFunction<? extends CompletableFuture<?>> send) {
            this.count = count;
            this.send = send;
            this.left = new AtomicInteger(count);
        }

        private boolean isAllSent() {
            return next >= count;
        }

        @SuppressWarnings("unchecked") // no one looks at the result
        private CompletableFuture<Object> send(int number) {
            return (CompletableFuture<Object>) send.apply(number);
        }

        private void ended(@Nullable Throwable failure) {
            if (failure != null) {
                firstFailure.compareAndSet(null, failure);
            }
            if (left.decrementAndGet() > 0) {
                return;
            }
            Throwable first = firstFailure.get();
            if (first == null) {
                done.complete(null);
            } else {
                done.completeExceptionally(Futures.unwrapped(first));
            }
        }
    }
}
