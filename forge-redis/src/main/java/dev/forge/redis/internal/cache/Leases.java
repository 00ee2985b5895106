package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of running loads. A lease is granted for a short time, so that the lease of a process that died
 * ends soon.
 *
 * <p>One periodic task renews all leases; it runs only while there are any.
 */
public final class Leases {

    /** The TTL of a lease, and so the longest time that it outlives its holder. */
    public static final Duration TTL = Duration.ofSeconds(2);

    private static final long PERIOD_MILLIS = 500;

    private final LeaseStore store;
    private final BulkWindow window;
    private final Duration longest;
    private final Renewals<Held> renewals;

    /**
     * @param window limits how many leases are renewed at once
     * @param longest after how long a load loses its lease although it still runs
     */
    public Leases(LeaseStore store, BulkWindow window, Duration longest, Scheduler scheduler) {
        this.store = store;
        this.window = window;
        this.longest = longest;
        this.renewals = new Renewals<>(scheduler, PERIOD_MILLIS, this::renew);
    }

    /** A lease that this process holds; without a token there is none, and nothing may be stored. */
    public static final class Held {
        private final CacheKey key;
        private final byte @Nullable [] token;
        private final long since = System.nanoTime();
        private volatile boolean renewing;

        private Held(CacheKey key, byte @Nullable [] token) {
            this.key = key;
            this.token = token;
        }

        public byte @Nullable [] token() {
            return token;
        }
    }

    /** Returns for how long a lease is first granted, for loads of at most {@code longest}. */
    public static Duration first(Duration longest) {
        return longest.compareTo(TTL) < 0 ? longest : TTL;
    }

    /** Renews the lease on {@code key} with {@code token}, if there is one, until it is {@linkplain #end ended}. */
    public Held keep(CacheKey key, byte @Nullable [] token) {
        Held held = new Held(key, token);
        if (token != null && longest.compareTo(TTL) > 0) {
            renewals.begin(held);
        }
        return held;
    }

    public void end(Held held) {
        renewals.end(held);
    }

    /** Gives up the lease of a failed load, so that others need not wait for it to end. Never fails. */
    public CompletableFuture<Boolean> giveUp(Held held) {
        return ended(held, token -> store.giveUp(held.key, token));
    }

    /** Lets the lease of a failed load end after {@code pause}, so that no process loads until then. Never fails. */
    public CompletableFuture<Boolean> giveUpLater(Held held, Duration pause) {
        return ended(held, token -> store.extend(held.key, token, pause));
    }

    private CompletableFuture<Boolean> ended(Held held, Function<byte[], CompletableFuture<Boolean>> last) {
        end(held);
        byte[] token = held.token;
        if (token == null) {
            return CompletableFuture.completedFuture(false);
        }
        try {
            return last.apply(token);
        } catch (RuntimeException closed) {
            // The manager has closed, and the lease ends by itself.
            return CompletableFuture.completedFuture(false);
        }
    }

    private void renew(Set<Held> all) {
        long now = System.nanoTime();
        all.removeIf(held -> now - held.since > longest.minus(TTL).toNanos());
        List<Held> due = new ArrayList<>();
        for (Held held : all) {
            if (!held.renewing && now - held.since > TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS)) {
                held.renewing = true;
                due.add(held);
            }
        }
        var unused = window.forEach(due.size(), number -> renewed(due.get(number)));
    }

    private void doubt(Held held) {
        // If its load has ended meanwhile, that ended the lease, and the key may be loaded again already.
        if (renewals.holds(held)) {
            store.doubt(held.key);
        }
    }

    private CompletableFuture<Boolean> renewed(Held held) {
        byte[] token = held.token;
        if (token == null || !renewals.holds(held)) {
            return CompletableFuture.completedFuture(false);
        }
        return store.extend(held.key, token, TTL, () -> doubt(held)).whenComplete((still, failure) -> {
            held.renewing = false;
            if (failure == null && !still) {
                // The key was invalidated, so other processes no longer wait for this load.
                end(held);
            }
        });
    }
}
