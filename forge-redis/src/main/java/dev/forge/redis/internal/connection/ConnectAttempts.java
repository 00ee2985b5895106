package dev.forge.redis.internal.connection;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.protocol.Failures;
import dev.forge.redis.internal.thread.Scheduler;
import dev.forge.redis.internal.transport.Patience;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to make one connection: how long each may take, and how long to wait before the next one.
 *
 * <p>The first attempt may take ten seconds, because a JVM that has just started is slow. Each later one may take a
 * second, and twice as long after each attempt that has timed out since the last connection. A bound applies to all.
 * A server that does not even accept gets a second of a later attempt, however long that may take ({@link Patience}).
 *
 * <p>The pause is a {@link ReconnectPause}, which grows with each failure in a row. A connection that is lost soon
 * after it was made counts as a failure.
 *
 * <p>Thread-safe. Nothing here blocks.
 */
public final class ConnectAttempts {

    private static final Duration COLD_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 10;

    private final Duration longestPatience;
    private final Duration steady;
    private final Scheduler scheduler;

    // Guarded by this.
    private boolean cold = true;
    private @Nullable CompletableFuture<PipelinedConnection> current;
    private @Nullable RedisFailure closed;
    private int failures;
    private int timeouts;
    private long openedAt;
    private @Nullable Future<?> next;
    private long nextNumber;

    /** @param steady how long a connection must last, so that its loss does not count as a failure */
    public ConnectAttempts(Duration longestPatience, Duration steady, Scheduler scheduler) {
        this.longestPatience = longestPatience;
        this.steady = steady;
        this.scheduler = scheduler;
    }

    /**
     * Makes one attempt now, and drops the one that is scheduled. It fails when its time is over; a connection that
     * opens later is closed.
     */
    public CompletableFuture<PipelinedConnection> start(Connector connector) {
        CompletableFuture<PipelinedConnection> attempt = connect(connector, begin(), scheduler);
        RedisFailure end;
        synchronized (this) {
            current = attempt;
            end = closed;
        }
        if (end != null) {
            attempt.completeExceptionally(end);
        }
        return attempt.whenComplete((opened, failure) -> ended(failure));
    }

    /** Ends the attempt under way, and any later one, with {@code reason}. */
    public void close(RedisFailure reason) {
        CompletableFuture<PipelinedConnection> last;
        synchronized (this) {
            closed = reason;
            last = current;
        }
        if (last != null) {
            last.completeExceptionally(reason);
        }
    }

    /**
     * Connects with {@code connector}, and fails once {@code patience} is over, whatever the connector does.
     *
     * <p>A connection that opens later is closed.
     */
    public static CompletableFuture<PipelinedConnection> connect(
            Connector connector, Patience patience, Scheduler scheduler) {
        CompletableFuture<PipelinedConnection> inTime = new CompletableFuture<>();
        try {
            Future<?> timer = scheduler.schedule(
                    () -> inTime.completeExceptionally(new TimeoutException()),
                    patience.whole().toMillis());
            inTime.whenComplete((opened, failure) -> timer.cancel(false));
            connector.connect(patience).whenComplete((opened, failure) -> {
                if (opened == null) {
                    inTime.completeExceptionally(
                            failure == null ? new IllegalStateException("no connection") : failure);
                } else if (!inTime.complete(opened)) {
                    opened.close();
                }
            });
        } catch (Throwable e) {
            // Also errors for want of memory or threads: the next attempt may succeed.
            inTime.completeExceptionally(e);
        }
        return inTime;
    }

    /** Returns how long the attempt that begins now may take. */
    private synchronized Patience begin() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
        return cold
                ? Patience.ofFirst(bounded(COLD_PATIENCE))
                : Patience.ofLater(bounded(PATIENCE.multipliedBy(1L << Math.min(timeouts, MOST_DOUBLINGS))));
    }

    private Duration bounded(Duration patience) {
        return patience.compareTo(longestPatience) < 0 ? patience : longestPatience;
    }

    private synchronized void ended(@Nullable Throwable failure) {
        cold = false;
        if (failure == null) {
            timeouts = 0;
            openedAt = System.nanoTime();
            return;
        }
        failures++;
        if (Failures.isTimeout(failure)) {
            timeouts++;
        }
    }

    /** Records that the connection is lost, or of no use; returns whether the next attempt may start without a pause. */
    public synchronized boolean lost() {
        boolean lasted = System.nanoTime() - openedAt >= steady.toNanos();
        failures = lasted ? 0 : failures + 1;
        return lasted;
    }

    /**
     * Runs {@code attempt}, which starts the next attempt, after a pause, unless one is scheduled already.
     *
     * @return false if the manager has closed, so that there is no next attempt
     */
    public synchronized boolean later(Runnable attempt) {
        return later(attempt, ReconnectPause.millis(failures, ThreadLocalRandom.current()));
    }

    /** Like {@link #later(Runnable)}, after a pause of {@code millis}. */
    public synchronized boolean later(Runnable attempt, int millis) {
        if (next != null) {
            return true;
        }
        long number = ++nextNumber;
        try {
            next = scheduler.schedule(() -> run(attempt, number), millis);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void run(Runnable attempt, long number) {
        synchronized (this) {
            if (next == null || number != nextNumber) {
                // Dropped when it was about to run.
                return;
            }
            next = null;
        }
        attempt.run();
    }

    /** Returns whether an attempt is scheduled. */
    synchronized boolean isPausing() {
        return next != null;
    }
}
