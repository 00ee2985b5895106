package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the leases of loads that go on, and lets those of a process that died end soon: a lease is granted for a short time,
 * and renewed while its load runs.
 *
 * <p>One task looks through them, and only while there are any.
 */
public final class Leases {

    /** How long a lease outlives its holder. */
    public static final Duration LIFE = Duration.ofSeconds(2);

    private static final long PERIOD_MILLIS = 500;

    private final RedisStore<?> slot;
    private final BulkWindow window;
    private final Duration longest;
    private final Scheduler scheduler;
    private final Set<Held> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /**
     * @param window in which many leases are renewed
     * @param longest after how long a load loses its lease although it goes on
     */
    public Leases(RedisStore<?> slot, BulkWindow window, Duration longest, Scheduler scheduler) {
        this.scheduler = scheduler;
        this.slot = slot;
        this.window = window;
        this.longest = longest;
    }

    /** A lease that this process holds, or the lack of one: then nothing may be stored. */
    public static final class Held {
        private final String key;
        private final byte @Nullable [] token;
        private final long since = System.nanoTime();
        private volatile boolean renewing;

        private Held(String key, byte @Nullable [] token) {
            this.key = key;
            this.token = token;
        }

        public byte @Nullable [] token() {
            return token;
        }
    }

    /** Returns how long a lease on a load of at most {@code longest} is granted at first. */
    public static Duration first(Duration longest) {
        return longest.compareTo(LIFE) < 0 ? longest : LIFE;
    }

    /** Renews the lease on {@code key} with {@code token}, if there is one, until it is {@linkplain #end ended}. */
    public Held keep(String key, byte @Nullable [] token) {
        Held held = new Held(key, token);
        if (token != null && longest.compareTo(LIFE) > 0) {
            all.add(held);
            arm();
        }
        return held;
    }

    public void end(Held held) {
        all.remove(held);
    }

    /** Gives a lease up whose load has failed, so that no one has to wait for it to end. Never fails. */
    public CompletableFuture<Boolean> giveUp(Held held) {
        end(held);
        byte[] token = held.token;
        if (token == null) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return slot.giveUp(held.key, token);
        } catch (RuntimeException closed) {
            // The manager has closed, and the lease ends by itself.
            return CompletableFuture.completedFuture(false);
        }
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
        List<Held> due = new ArrayList<>();
        for (Held held : all) {
            if (!held.renewing && now - held.since > TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)) {
                held.renewing = true;
                due.add(held);
            }
        }
        var unused = window.forEach(due.size(), number -> renewed(due.get(number)));
    }

    private CompletableFuture<Boolean> renewed(Held held) {
        byte[] token = held.token;
        if (token == null || !all.contains(held)) {
            return CompletableFuture.completedFuture(false);
        }
        return slot.extend(held.key, token, LIFE).whenComplete((still, failure) -> {
            held.renewing = false;
            if (failure == null && !still) {
                // Somebody has invalidated the key, and no one waits for this load any more.
                end(held);
            }
        });
    }
}
