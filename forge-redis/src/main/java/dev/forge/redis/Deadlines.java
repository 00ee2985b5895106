package dev.forge.redis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls whose time is up.
 *
 * <p>One task looks through the calls in flight every few milliseconds, and only while there are any: a timer for each call
 * would cost more than the call. The list runs through the calls themselves.
 */
final class Deadlines {

    private static final long PERIOD_MILLIS = 20;

    private final long timeoutNanos;
    private final Scheduler scheduler;
    private final AtomicReference<@Nullable Call<?>> added = new AtomicReference<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    // Confined to the one sweep at a time.
    private @Nullable Call<?> watched;

    Deadlines(Duration timeout, Scheduler scheduler) {
        this.timeoutNanos = timeout.toNanos();
        this.scheduler = scheduler;
    }

    /** Ends {@code call} when its time is up, at most two periods late. */
    void watch(Call<?> call) {
        Call<?> previous;
        do {
            previous = added.get();
            call.nextToWatch = previous;
        } while (!added.compareAndSet(previous, call));
        if (previous == null) {
            arm();
        }
    }

    private void arm() {
        if (sweeping.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            scheduler.schedule(this::sweep, PERIOD_MILLIS);
        } catch (RejectedExecutionException e) {
            // The manager has closed: its connection is gone, and with it every call.
            end(sortedOut(added.getAndSet(null), true, null));
        }
    }

    private void sweep() {
        Call<?> before = watched;
        watched = null;
        Call<?> due = sortedOut(added.getAndSet(null), false, sortedOut(before, false, null));
        if (watched != null) {
            schedule();
        } else {
            sweeping.set(false);
            if (added.get() != null) {
                arm();
            }
        }
        if (due != null) {
            scheduler.end(() -> end(due));
        }
    }

    /** Ends every call that is left, now that the scheduler has ended and no sweep will come. */
    void close() {
        Call<?> before = watched;
        watched = null;
        end(sortedOut(added.getAndSet(null), true, sortedOut(before, true, null)));
    }

    /** Goes on watching those calls whose time is not up; returns the others, in front of {@code due}. */
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
        Call<?> call = first;
        try {
            while (call != null) {
                Call<?> next = call.nextToWatch;
                endOne(call);
                call = next;
            }
        } finally {
            // Such as for want of memory: they are tried again.
            while (call != null) {
                Call<?> next = call.nextToWatch;
                watch(call);
                call = next;
            }
        }
    }

    private void endOne(Call<?> call) {
        Outbox outbox = call.outbox;
        // An impatient caller says nothing about the server.
        if (outbox != null && call.timeoutNanos >= timeoutNanos) {
            outbox.signs().missed(call);
        }
        call.expire();
    }
}
