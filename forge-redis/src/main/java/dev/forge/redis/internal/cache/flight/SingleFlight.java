package dev.forge.redis.internal.cache.flight;

import dev.forge.redis.internal.thread.Futures;
import dev.forge.redis.internal.thread.OnePlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in this process that want the same key at the same time share one look-up.
 *
 * <p>A caller waits for a shared look-up no longer than for the load of another process. Then the callers that joined
 * are released: one of them leads a new look-up, which the others join.
 */
public final class SingleFlight<V> {

    private static final long LONGEST_PERIOD_MILLIS = 250;

    private final ConcurrentMap<String, Flight<V>> flights = new ConcurrentHashMap<>();
    private final long longestNanos;
    private final long periodMillis;
    private final Later later;

    // The flights that callers wait for, including those that can no longer be joined.
    private final Set<Flight<V>> joined = ConcurrentHashMap.newKeySet();
    private final OnePlan sweeps = new OnePlan();

    /**
     * @param longest how long a look-up may take before its load begins, and how long the load may take, until the
     *     callers that joined are released
     * @param later runs a task after some milliseconds
     */
    public SingleFlight(Duration longest, Later later) {
        this.longestNanos = longest.toNanos();
        this.periodMillis = Math.max(1, Math.min(LONGEST_PERIOD_MILLIS, longest.toMillis() / 8));
        this.later = later;
    }

    /** Runs tasks later. */
    public interface Later {
        /** Runs {@code task} after {@code millis}; throws {@link RuntimeException} once the scheduler is closed. */
        void run(long millis, Runnable task);
    }

    /** One running look-up, as seen by the callers that joined it. */
    public static final class Flight<V> extends CompletableFuture<Optional<V>> {
        private final String key;
        private volatile @Nullable LoaderRun run;
        private volatile boolean joined;
        private volatile boolean doubtful;
        private volatile boolean missed;

        // When the load began, or else when it was first joined.
        private volatile long since;

        /** @param key the key in Redis */
        public Flight(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }

        /** Returns the run of the loader that loads this, or null while none does. */
        @Nullable
        LoaderRun run() {
            return run;
        }

        /**
         * Marks the value as one that may be older than a change made since this look-up began. Callers that joined it look
         * the key up again; any look-up that they then join began after their own.
         */
        public void doubt() {
            doubtful = true;
        }

        /** Returns whether {@link #doubt} was called before this look-up ended. */
        public boolean isDoubtful() {
            return doubtful;
        }

        /** Marks that there is no value: callers now wait for a load, of this process or of another. */
        public void miss() {
            missed = true;
        }

        /** Returns whether callers wait for a load, and not for Redis. */
        public boolean isMissed() {
            return missed;
        }

        /** Sets the loader run that loads this; null once it has ended. */
        void loadedBy(@Nullable LoaderRun now) {
            if (now != null) {
                missed = true;
                since = System.nanoTime();
            }
            run = now;
        }
    }

    /** A joined look-up ended without a result; the callers that joined do not fail, but look the key up again. */
    public static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final long leftMillis;

        private Abandoned(long leftMillis) {
            super("the look-up was given up", null, false, false);
            this.leftMillis = leftMillis;
        }

        /** Returns whether {@code thrown} is of this type, directly or wrapped by a future. */
        public static boolean is(Throwable thrown) {
            return Futures.unwrapped(thrown) instanceof Abandoned;
        }

        /** Returns how many milliseconds the lease of the other process that caused {@code thrown} may last, or 0. */
        public static long leftMillis(Throwable thrown) {
            return Futures.unwrapped(thrown) instanceof Abandoned abandoned ? abandoned.leftMillis : 0;
        }
    }

    /** Returns the flight to join, which always ends, or null if others now join {@code mine}. */
    @Nullable
    public Flight<V> joinOrStart(Flight<V> mine) {
        Flight<V> other = flights.putIfAbsent(mine.key, mine);
        if (other != null && !other.joined) {
            if (other.run == null) {
                other.since = System.nanoTime();
            }
            other.joined = true;
            joined.add(other);
            sweepLater();
        }
        return other;
    }

    /** Returns the running flight of {@code key}, or null. */
    @Nullable
    public Flight<V> current(String key) {
        return flights.get(key);
    }

    /** Calls {@link Flight#doubt} on the running flight of {@code key}, if there is one. */
    public void doubt(String key) {
        Flight<V> running = flights.get(key);
        if (running != null) {
            running.doubt();
        }
    }

    /** Ends {@code mine} with {@code value}; later callers look the key up themselves. */
    public void complete(Flight<V> mine, Optional<V> value) {
        flights.remove(mine.key, mine);
        mine.complete(value);
    }

    /** Ends {@code mine} with {@code failure}, for the callers that joined as well. */
    public void fail(Flight<V> mine, Throwable failure) {
        flights.remove(mine.key, mine);
        mine.completeExceptionally(failure);
    }

    /** Ends {@code mine} without a result: the callers that joined share a new look-up. */
    public void abandon(Flight<V> mine) {
        abandon(mine, 0);
    }

    /**
     * Like {@link #abandon(Flight)}, because of the lease of another process, which may last {@code leftMillis}.
     */
    public void abandon(Flight<V> mine, long leftMillis) {
        // In this order: otherwise the callers would join the same flight again.
        flights.remove(mine.key, mine);
        mine.completeExceptionally(new Abandoned(leftMillis));
    }

    /**
     * Keeps later callers from joining the look-up of {@code key}: it may have read the old value. Those that have joined it
     * look the key up again: {@link #doubt} will not find it any more.
     */
    public void forget(String key) {
        flights.computeIfPresent(key, (same, running) -> {
            running.doubt();
            return null;
        });
    }

    public void forgetAll() {
        flights.keySet().forEach(this::forget);
    }

    private void sweepLater() {
        try {
            sweeps.make(() -> later.run(periodMillis, this::sweep));
        } catch (RejectedExecutionException | IllegalStateException closed) {
            // The manager has closed, so nothing would release the callers that wait. Others may be joining, so each is
            // removed by itself.
            joined.forEach(each -> {
                joined.remove(each);
                abandon(each);
            });
        }
    }

    private void sweep() {
        try {
            long now = System.nanoTime();
            joined.removeIf(CompletableFuture::isDone);
            List<Flight<V>> late = joined.stream()
                    .filter(each -> now - each.since > longestNanos)
                    .toList();
            late.forEach(joined::remove);
            late.forEach(this::abandon);
        } finally {
            sweeps.over();
            if (!joined.isEmpty()) {
                sweepLater();
            }
        }
    }
}
