package dev.forge.redis.cache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Lets the callers in this process who want the same key at the same time share one look-up. */
final class SingleFlight<V> {

    private final ConcurrentMap<String, Flight<V>> flights = new ConcurrentHashMap<>();

    /** One look-up under way. */
    static final class Flight<V> extends CompletableFuture<Optional<V>> {
        private volatile @Nullable Thread loader;

        /** Ends the look-up; those who joined one that was interrupted look up for themselves. */
        void fail(Throwable failure, boolean interrupted) {
            completeExceptionally(interrupted ? new Abandoned() : failure);
        }

        /** Returns {@code load} such that it is known which thread runs it. */
        Loader<V> guarding(Loader<V> load) {
            return key -> {
                loading(true);
                try {
                    return load.load(key);
                } finally {
                    loading(false);
                }
            };
        }

        /** Notes that the current thread runs the loader, or has ended to. */
        void loading(boolean now) {
            loader = now ? Thread.currentThread() : null;
        }

        /** Refuses to let a loader wait for itself. */
        void refuseRecursion(String cache) {
            if (loader == Thread.currentThread()) {
                throw new IllegalStateException("a loader of the cache " + cache
                        + " asked it for the key that it was loading; load the value without the cache");
            }
        }
    }

    /** Whoever made the look-up was interrupted, which is no reason for others to fail. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Abandoned() {
            super("the look-up was interrupted", null, false, false);
        }
    }

    /** Returns the flight to join, or null if {@code mine} is now the one that others join. */
    @Nullable
    Flight<V> joinOrStart(String key, Flight<V> mine) {
        return flights.putIfAbsent(key, mine);
    }

    /** Returns the flight of {@code key} that is under way, or null. */
    @Nullable
    Flight<V> current(String key) {
        return flights.get(key);
    }

    void end(String key, Flight<V> mine) {
        flights.remove(key, mine);
    }

    /** Lets nobody join the look-up of {@code key} any more: it may have begun too early. */
    void forget(String key) {
        flights.remove(key);
    }

    void forgetAll() {
        flights.clear();
    }
}
