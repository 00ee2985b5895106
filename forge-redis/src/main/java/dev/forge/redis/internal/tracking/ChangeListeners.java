package dev.forge.redis.internal.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to be told of changes, and of which. */
final class ChangeListeners {

    /** So many keys are watched at once at most: lease waiters, one for each key that is being loaded elsewhere. */
    static final int MOST_WATCHED = 10_000;

    private final String prefix;
    private final List<Tracking.Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, List<KeyWatch>> watches = new ConcurrentHashMap<>();

    /** @param prefix what stands before every key that is ours, and is taken off */
    ChangeListeners(String prefix) {
        this.prefix = prefix;
    }

    void add(Tracking.Listener listener) {
        listeners.add(listener);
    }

    /** Returns a watch on {@code key}, or nothing if there are too many. */
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
            // Perhaps its end was told before this watch was there.
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

    int watched() {
        return watches.size();
    }

    /** A key in Redis has changed. Runs on the event loop of the connection that says so. */
    void changed(String redisKey) {
        if (!redisKey.startsWith(prefix)) {
            return;
        }
        String key = redisKey.substring(prefix.length());
        for (Tracking.Listener listener : listeners) {
            listener.changed(key);
        }
        List<KeyWatch> those = watches.remove(key);
        if (those != null) {
            those.forEach(KeyWatch::complete);
        }
    }

    /** Whatever was read in {@code ended} may have changed. */
    void allChanged(TrackingEpoch ended) {
        for (Tracking.Listener listener : listeners) {
            listener.allChanged();
        }
        for (List<KeyWatch> those : watches.values()) {
            for (KeyWatch watch : those) {
                if (watch.epoch().equals(ended)) {
                    forget(watch);
                    watch.complete();
                }
            }
        }
    }

    /** Nobody will be told any more. */
    void close() {
        List<List<KeyWatch>> all = List.copyOf(watches.values());
        watches.clear();
        all.forEach(those -> those.forEach(KeyWatch::complete));
    }
}
