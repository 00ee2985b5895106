package dev.forge.redis.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Lets the callers in this process who want the same key at the same time share one look-up.
 *
 * <p>No one waits for it longer than for the load of another process. After that time those who joined it are let go: one of
 * them leads a look-up of its own, which the others join.
 */
final class SingleFlight<V> {

    private static final long LONGEST_PERIOD_MILLIS = 250;

    private final ConcurrentMap<String, Flight<V>> flights = new ConcurrentHashMap<>();
    private final long longestNanos;
    private final long periodMillis;
    private final Later later;

    // Those that somebody waits for, also where no others may join any more.
    private final Set<Flight<V>> joined = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    /**
     * @param longest how long a look-up may take before its load begins, and how long the load may take, until those who joined
     *     it are let go
     * @param later runs a task after some milliseconds
     */
    SingleFlight(Duration longest, Later later) {
        this.longestNanos = longest.toNanos();
        this.periodMillis = Math.max(1, Math.min(LONGEST_PERIOD_MILLIS, longest.toMillis() / 8));
        this.later = later;
    }

    /** Runs tasks later. */
    interface Later {
        /** Runs {@code task} in {@code millis}; throws {@link RuntimeException} if nothing runs any more. */
        void run(long millis, Runnable task);
    }

    /** One look-up under way, as those see it who joined it. */
    static final class Flight<V> extends CompletableFuture<Optional<V>> {
        private final String key;
        private volatile @Nullable LoaderRun run;
        private volatile boolean joined;

        // When the load began, or else when it was first joined.
        private volatile long since;

        /** @param key the key in Redis */
        Flight(String key) {
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

        /** Returns {@code load} such that it is known which thread runs it. */
        Loader<V> guarding(Loader<V> load) {
            return wanted -> LoaderRun.running(Set.of(this), () -> load.load(wanted));
        }

        /** Notes that {@code now} loads this, or that the loader has ended. */
        void loadedBy(@Nullable LoaderRun now) {
            if (now != null) {
                since = System.nanoTime();
            }
            run = now;
        }
    }

    /** A look-up that was joined has ended without an answer, which is no reason for others to fail: they look up themselves. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final long leftMillis;

        private Abandoned(long leftMillis) {
            super("the look-up was given up", null, false, false);
            this.leftMillis = leftMillis;
        }

        /** Returns whether {@code thrown} is one, as it is or as a future wraps it. */
        static boolean is(Throwable thrown) {
            return Lookup.unwrapped(thrown) instanceof Abandoned;
        }

        /** Returns how long the lease of another process may last because of which {@code thrown} is one, or else 0. */
        static long leftMillis(Throwable thrown) {
            return Lookup.unwrapped(thrown) instanceof Abandoned abandoned ? abandoned.leftMillis : 0;
        }
    }

    /** Returns the flight to join, which will end, or null if {@code mine} is now the one that others join. */
    @Nullable
    Flight<V> joinOrStart(String key, Flight<V> mine) {
        Flight<V> other = flights.putIfAbsent(key, mine);
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

    /** Returns the flight of {@code key} that is under way, or null. */
    @Nullable
    Flight<V> current(String key) {
        return flights.get(key);
    }

    /** Ends {@code mine} with {@code value}; a caller that comes later looks up for itself. */
    void complete(Flight<V> mine, Optional<V> value) {
        flights.remove(mine.key, mine);
        mine.complete(value);
    }

    /** Ends {@code mine}: those who joined it fail as well. */
    void fail(Flight<V> mine, Throwable failure) {
        flights.remove(mine.key, mine);
        mine.completeExceptionally(failure);
    }

    /** Ends {@code mine} without an answer: those who joined it look up for themselves, again as one. */
    void abandon(Flight<V> mine) {
        leave(mine, 0);
    }

    /** Does what {@link #abandon} does because another process is loading, whose lease may last {@code leftMillis}. */
    void leave(Flight<V> mine, long leftMillis) {
        // In this order: otherwise they would join the same one again.
        flights.remove(mine.key, mine);
        mine.completeExceptionally(new Abandoned(leftMillis));
    }

    /** Lets no one join the look-up of {@code key} any more: it may have begun too early. */
    void forget(String key) {
        flights.remove(key);
    }

    void forgetAll() {
        flights.clear();
    }

    private void sweepLater() {
        if (!sweeping.compareAndSet(false, true)) {
            return;
        }
        try {
            later.run(periodMillis, this::sweep);
        } catch (RejectedExecutionException | IllegalStateException closed) {
            // The manager has closed, and nothing looks after those who wait any more.
            sweeping.set(false);
            joined.forEach(this::abandon);
            joined.clear();
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        joined.removeIf(CompletableFuture::isDone);
        List<Flight<V>> late =
                joined.stream().filter(each -> now - each.since > longestNanos).toList();
        late.forEach(joined::remove);
        late.forEach(this::abandon);
        sweeping.set(false);
        if (!joined.isEmpty()) {
            sweepLater();
        }
    }
}
