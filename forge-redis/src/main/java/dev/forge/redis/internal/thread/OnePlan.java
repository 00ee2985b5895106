package dev.forge.redis.internal.thread;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Plans a task that is planned at most once at a time. One that could not be planned, perhaps for lack of memory or stack, is
 * planned by the next caller.
 *
 * <p>Thread-safe.
 */
public final class OnePlan {

    private final AtomicBoolean planned = new AtomicBoolean();

    /** Runs {@code plan}, which makes another thread run the task, unless the task is planned already; throws what that throws. */
    public void make(Runnable plan) {
        if (!planned.compareAndSet(false, true)) {
            return;
        }
        boolean made = false;
        try {
            plan.run();
            made = true;
        } finally {
            if (!made) {
                over();
            }
        }
    }

    /** Lets the task be planned again. To be called by the task. */
    public void over() {
        planned.set(false);
    }
}
