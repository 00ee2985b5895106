package dev.forge.redis.internal.tracking;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The listeners to all changes of our keys, and the watches on single keys. */
final class ChangeListeners {

    /** The most keys watched at once: those that other processes are loading, watched by lease waiters. */
    static final int MOST_WATCHED = 10_000;

    private final String prefix;

    // Weak, because a cache has no end: without its callers it can be collected.
    private final List<WeakReference<Tracking.Listener>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, List<KeyWatch>> watches = new ConcurrentHashMap<>();

    /** @param prefix the prefix of our keys, which listeners do not see */
    ChangeListeners(String prefix) {
        this.prefix = prefix;
    }

    void add(Tracking.Listener listener) {
        listeners.removeIf(known -> known.get() == null);
        listeners.add(new WeakReference<>(listener));
    }

    private void each(Consumer<Tracking.Listener> notification) {
        for (WeakReference<Tracking.Listener> known : listeners) {
            Tracking.Listener listener = known.get();
            if (listener != null) {
                notification.accept(listener);
            }
        }
    }

    /** Returns a watch on {@code key}, or empty if too many keys are watched. */
    Optional<KeyWatch> watch(TrackingEpoch epoch, String key) {
        if (watches.size() >= MOST_WATCHED) {
            return Optional.empty();
        }
        KeyWatch watch = new KeyWatch(this, epoch, key);
        watches.merge(key, List.of(watch), (before, one) -> {
            List<KeyWatch> all = new ArrayList<>(before);
            all.addAll(one);
            return all;
        });
        if (epoch.isOver()) {
            // The epoch may have ended before this watch was registered.
            forget(watch);
            watch.complete();
        }
        return Optional.of(watch);
    }

    void forget(KeyWatch watch) {
        watches.computeIfPresent(watch.key(), (key, all) -> {
            List<KeyWatch> others = new ArrayList<>(all);
            others.remove(watch);
            return others.isEmpty() ? null : others;
        });
    }

    /** Handles the invalidation of one key. Runs on the thread that reads the connection that received it. */
    void changed(String redisKey) {
        if (!redisKey.startsWith(prefix)) {
            return;
        }
        String key = redisKey.substring(prefix.length());
        each(listener -> listener.changed(key));
        List<KeyWatch> those = watches.remove(key);
        if (those != null) {
            those.forEach(KeyWatch::complete);
        }
    }

    /** Handles the end of an epoch: anything read in {@code ended} may have changed. */
    void allChanged(TrackingEpoch ended) {
        each(Tracking.Listener::allChanged);
        for (List<KeyWatch> those : watches.values()) {
            for (KeyWatch watch : those) {
                if (watch.epoch().equals(ended)) {
                    forget(watch);
                    watch.complete();
                }
            }
        }
    }

    /** Completes every watch, because no more invalidations will come. */
    void close() {
        List<List<KeyWatch>> all = List.copyOf(watches.values());
        watches.clear();
        all.forEach(those -> those.forEach(KeyWatch::complete));
    }
}
