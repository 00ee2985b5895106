package dev.forge.redis.cache;

import dev.forge.redis.Scheduler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the leases of loads that go on, and lets those of a process that died end soon: a lease is granted for a short time,
 * and renewed while its load runs.
 *
 * <p>One task looks through them, and only while there are any.
 */
final class Leases {

    /** How long a lease outlives its holder. */
    static final Duration LIFE = Duration.ofSeconds(2);

    private static final long PERIOD_MILLIS = 500;

    private final Slot<?> slot;
    private final Duration longest;
    private final Scheduler scheduler;
    private final Set<Held> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /** @param longest after how long a load loses its lease although it goes on */
    Leases(Slot<?> slot, Duration longest, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.slot = slot;
        this.longest = longest;
    }

    /** A lease that this process holds. */
    static final class Held {
        private final String key;
        private final byte[] token;
        private final long since = System.nanoTime();

        private Held(String key, byte[] token) {
            this.key = key;
            this.token = token;
        }
    }

    /** Returns how long a lease on a load of at most {@code longest} is granted at first. */
    static Duration first(Duration longest) {
        return longest.compareTo(LIFE) < 0 ? longest : LIFE;
    }

    /** Renews the lease with {@code token} until it is {@linkplain #end ended}. */
    Held keep(String key, byte[] token) {
        Held held = new Held(key, token);
        if (longest.compareTo(LIFE) > 0) {
            all.add(held);
            arm();
        }
        return held;
    }

    void end(Held held) {
        all.remove(held);
    }

    private void arm() {
        if (sweeping.compareAndSet(false, true)) {
            try {
                scheduler.after(PERIOD_MILLIS, this::sweep);
            } catch (RejectedExecutionException e) {
                // The manager has closed: what is loaded now is not stored.
                all.clear();
                sweeping.set(false);
            }
        }
    }

    private void sweep() {
        try {
            renew();
        } finally {
            sweeping.set(false);
            if (!all.isEmpty()) {
                arm();
            }
        }
    }

    private void renew() {
        long now = System.nanoTime();
        all.removeIf(held -> now - held.since > longest.minus(LIFE).toNanos());
        for (Held held : all) {
            if (now - held.since > TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)) {
                renew(held);
            }
        }
    }

    private void renew(Held held) {
        try {
            slot.extend(held.key, held.token, LIFE).thenAccept(still -> {
                if (!still) {
                    // Somebody has invalidated the key, and nobody waits for this load any more.
                    end(held);
                }
            });
        } catch (IllegalStateException e) {
            // The manager has just been closed.
            end(held);
        }
    }
}
