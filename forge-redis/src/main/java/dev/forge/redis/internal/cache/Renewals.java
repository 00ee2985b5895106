package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.thread.OnePlan;
import dev.forge.redis.internal.thread.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Objects that a process holds in Redis for a short time, and renews until it ends them. One periodic task renews all of them,
 * and runs only while there are any.
 *
 * <p>Once the manager has closed, none is renewed: all of them end by themselves.
 */
final class Renewals<T> {

    private final Scheduler scheduler;
    private final long periodMillis;
    private final Consumer<Set<T>> renew;
    private final Set<T> all = ConcurrentHashMap.newKeySet();
    private final OnePlan sweeps = new OnePlan();

    /** @param renew renews what is due, and removes what is not to be renewed any more */
    Renewals(Scheduler scheduler, long periodMillis, Consumer<Set<T>> renew) {
        this.scheduler = scheduler;
        this.periodMillis = periodMillis;
        this.renew = renew;
    }

    void begin(T held) {
        all.add(held);
        arm();
    }

    void end(T held) {
        all.remove(held);
    }

    boolean holds(T held) {
        return all.contains(held);
    }

    private void arm() {
        try {
            sweeps.make(() -> scheduler.after(periodMillis, this::sweep));
        } catch (RejectedExecutionException e) {
            all.clear();
        }
    }

    private void sweep() {
        try {
            renew.accept(all);
        } finally {
            sweeps.over();
            if (!all.isEmpty()) {
                arm();
            }
        }
    }
}
