package dev.forge.redis;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private final ScheduledExecutorService executor;
    private final AtomicReference<@Nullable Call<?>> added = new AtomicReference<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    // Confined to the one sweep at a time.
    private @Nullable Call<?> watched;

    Deadlines(Duration timeout, ScheduledExecutorService executor) {
        this.timeoutNanos = timeout.toNanos();
        this.executor = executor;
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
            executor.schedule(this::sweep, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The manager has closed: its connection is gone, and with it every call.
            keepUnfinished(added.getAndSet(null), true);
        }
    }

    private void sweep() {
        Call<?> before = watched;
        watched = null;
        keepUnfinished(before, false);
        keepUnfinished(added.getAndSet(null), false);
        if (watched != null) {
            schedule();
            return;
        }
        sweeping.set(false);
        if (added.get() != null) {
            arm();
        }
    }

    private void keepUnfinished(@Nullable Call<?> first, boolean all) {
        long now = System.nanoTime();
        for (Call<?> call = first; call != null; ) {
            Call<?> next = call.nextToWatch;
            call.nextToWatch = null;
            if (!call.isDone()) {
                if (all || now - call.startedAt() >= timeoutNanos) {
                    end(call);
                } else {
                    call.nextToWatch = watched;
                    watched = call;
                }
            }
            call = next;
        }
    }

    private static void end(Call<?> call) {
        Outbox outbox = call.outbox;
        if (outbox != null) {
            outbox.missed(call);
        }
        call.expire();
    }
}
