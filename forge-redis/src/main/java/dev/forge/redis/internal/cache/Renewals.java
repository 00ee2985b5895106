package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.thread.Scheduler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean sweeping = new AtomicBoolean();

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
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        boolean planned = false;
        try {
            scheduler.after(periodMillis, this::sweep);
            planned = true;
        } catch (RejectedExecutionException e) {
            all.clear();
        } finally {
            if (!planned) {
                // Also for lack of memory or stack: the next one that is held plans again.
                sweeping.set(false);
            }
        }
    }

    private void sweep() {
        try {
            renew.accept(all);
        } finally {
            sweeping.set(false);
            if (!all.isEmpty()) {
                arm();
            }
        }
    }
}
