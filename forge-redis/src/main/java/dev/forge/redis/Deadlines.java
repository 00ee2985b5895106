package dev.forge.redis;

import java.time.Duration;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends calls whose time is up.
 *
 * <p>One task looks through the calls in flight every few milliseconds, and only while there are any: a timer for each call
 * would cost more than the call.
 */
final class Deadlines {

    private static final long PERIOD_MILLIS = 20;

    private final long timeoutNanos;
    private final ScheduledExecutorService executor;
    private final Queue<Call<?, ?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    Deadlines(Duration timeout, ScheduledExecutorService executor) {
        this.timeoutNanos = timeout.toNanos();
        this.executor = executor;
    }

    /** Ends {@code call} when its time is up, at most two periods late. */
    void watch(Call<?, ?> call) {
        calls.add(call);
        arm();
    }

    private void arm() {
        if (!sweeping.get() && sweeping.compareAndSet(false, true)) {
            schedule();
        }
    }

    private void schedule() {
        try {
            executor.schedule(this::sweep, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The manager has closed: its connection is gone, and with it every call.
            calls.forEach(Call::expire);
        }
    }

    private void sweep() {
        for (Iterator<Call<?, ?>> each = calls.iterator(); each.hasNext(); ) {
            Call<?, ?> call = each.next();
            if (call.isDone()) {
                each.remove();
            } else if (call.age() >= timeoutNanos) {
                each.remove();
                call.expire();
            }
        }
        if (calls.isEmpty()) {
            sweeping.set(false);
            if (!calls.isEmpty()) {
                arm();
            }
        } else {
            schedule();
        }
    }
}
