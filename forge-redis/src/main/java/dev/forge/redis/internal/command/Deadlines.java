package dev.forge.redis.internal.command;

import dev.forge.redis.internal.protocol.Call;
import dev.forge.redis.internal.protocol.CallConnection;
import dev.forge.redis.internal.thread.OnePlan;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose deadline has passed.
 *
 * <p>A task on the clock thread checks the calls in flight every {@value #PERIOD_MILLIS} ms, and only while there are
 * any: a timer for each call would cost more than the call. The calls themselves form the list. Ending a call there
 * runs no callback, see {@link dev.forge.redis.internal.thread.CallerFuture CallerFuture}. A call that cannot be ended,
 * for example for lack of memory, stays in the list.
 */
final class Deadlines {

    private static final long PERIOD_MILLIS = 20;

    private final long timeoutNanos;
    private final Scheduler scheduler;
    private final Runnable sweep = this::sweep;
    private final AtomicReference<@Nullable Call<?>> added = new AtomicReference<>();
    private final OnePlan sweeps = new OnePlan();

    // Guarded by this.
    private @Nullable Call<?> watched;

    Deadlines(Duration timeout, Scheduler scheduler) {
        this.timeoutNanos = timeout.toNanos();
        this.scheduler = scheduler;
    }

    /** Ends {@code call} at its deadline, at most two periods late. */
    void watch(Call<?> call) {
        if (add(call)) {
            arm();
        }
    }

    /** Returns whether {@code call} is the first one added since the last sweep. */
    private boolean add(Call<?> call) {
        Call<?> previous;
        do {
            previous = added.get();
            call.nextToWatch = previous;
        } while (!added.compareAndSet(previous, call));
        return previous == null;
    }

    /**
     * Schedules a sweep if there are calls; to be called regularly, in case an earlier attempt to schedule one failed.
     */
    void ensureSwept() {
        boolean any;
        synchronized (this) {
            any = watched != null;
        }
        if (any || added.get() != null) {
            arm();
        }
    }

    private void arm() {
        try {
            sweeps.make(() -> {
                var unused = scheduler.schedule(sweep, PERIOD_MILLIS);
            });
        } catch (RejectedExecutionException e) {
            // The manager has closed: its connection is gone, and with it every call.
            end(due(true));
        }
    }

    private void sweep() {
        try {
            end(due(false));
        } finally {
            sweeps.over();
            ensureSwept();
        }
    }

    /** Ends every remaining call, after the scheduler has closed and no sweep will run. */
    void close() {
        end(due(true));
    }

    /** Returns the calls whose deadline has passed, or {@code all}, and keeps watching the others. */
    private synchronized @Nullable Call<?> due(boolean all) {
        Call<?> before = watched;
        watched = null;
        return sortedOut(added.getAndSet(null), all, sortedOut(before, all, null));
    }

    private @Nullable Call<?> sortedOut(@Nullable Call<?> first, boolean all, @Nullable Call<?> due) {
        long now = System.nanoTime();
        Call<?> over = due;
        for (Call<?> call = first; call != null; ) {
            Call<?> next = call.nextToWatch;
            call.nextToWatch = null;
            if (!call.isDone()) {
                if (all || now - call.startedAt() >= Math.min(timeoutNanos, call.timeoutNanos)) {
                    call.nextToWatch = over;
                    over = call;
                } else {
                    call.nextToWatch = watched;
                    watched = call;
                }
            }
            call = next;
        }
        return over;
    }

    private void end(@Nullable Call<?> first) {
        for (Call<?> call = first; call != null; ) {
            Call<?> next = call.nextToWatch;
            call.nextToWatch = null;
            try {
                CallConnection before = reportMissed(call, null);
                call.expire();
                // One that took the call just then sees that it has ended, or hears of it here.
                var unused = reportMissed(call, before);
            } catch (Throwable e) {
                // For example for lack of memory: the next sweep tries again.
                add(call);
            }
            call = next;
        }
    }

    /** Tells the connection of {@code call} that its deadline has passed, unless that is {@code told}; returns the connection. */
    @SuppressWarnings("ReferenceEquality") // the same connection
    private @Nullable CallConnection reportMissed(Call<?> call, @Nullable CallConnection told) {
        CallConnection connection = call.connection;
        if (connection != null && connection != told) {
            // A caller with a shorter timeout proves nothing about the server.
            connection.missed(call, call.timeoutNanos >= timeoutNanos);
        }
        return connection;
    }
}
