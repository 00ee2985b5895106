package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.internal.thread.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Renews the fences of transactions that have not ended. A token is granted for a short time, so that the fence of a process
 * that died ends soon.
 *
 * <p>One periodic task renews all fences; it runs only while there are any.
 */
public final class Fences {

    /** How long a fence is renewed at most, so that a fence that its owner has forgotten ends. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    private static final long PERIOD_MILLIS = FenceStore.TTL.toMillis() / 5;

    private final FenceStore store;
    private final BulkWindow window;
    private final Renewals<Held> renewals;

    /** @param window limits how many fences are renewed at once */
    public Fences(FenceStore store, BulkWindow window, Scheduler scheduler) {
        this.store = store;
        this.window = window;
        this.renewals = new Renewals<>(scheduler, PERIOD_MILLIS, this::renew);
    }

    /** The fence of one transaction on some keys. Compared by identity. */
    public static final class Held {
        private final List<CacheKey> keys;
        private final byte[] token = Entry.newToken();
        private final long since = System.nanoTime();
        private volatile boolean renewing;

        private Held(List<CacheKey> keys) {
            this.keys = keys;
        }

        public byte[] token() {
            return token;
        }
    }

    /** Renews the fence on {@code keys}, which the caller raises with the token of the result, until it is {@link #end ended}. */
    public Held keep(List<CacheKey> keys) {
        Held held = new Held(List.copyOf(keys));
        renewals.begin(held);
        return held;
    }

    public void end(Held held) {
        renewals.end(held);
    }

    private void renew(Set<Held> all) {
        long now = System.nanoTime();
        all.removeIf(held -> now - held.since > LONGEST.toNanos());
        for (Held held : all) {
            if (!held.renewing && now - held.since > PERIOD_MILLIS * 1_000_000 / 2) {
                held.renewing = true;
                var unused = window.forEach(held.keys.size(), number -> store.renew(held.keys.get(number), held.token))
                        .whenComplete((done, failure) -> held.renewing = false);
            }
        }
    }
}
