package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Loads.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What a look-up of several keys found, one for each key, and what is made of it once the rest has been loaded. */
final class Bulk<V> {

    private final List<String> keys;
    private final List<String> redisKeys;
    private final List<Found<V>> found;

    Bulk(List<String> keys, List<String> redisKeys, List<Found<V>> found) {
        this.keys = keys;
        this.redisKeys = redisKeys;
        this.found = new ArrayList<>(found);
    }

    /** Returns the results of all {@code futures}. */
    static <T> CompletableFuture<List<T>> allOf(List<CompletableFuture<T>> futures) {
        return futures.isEmpty()
                ? CompletableFuture.completedFuture(List.of())
                : CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                        .thenApply(done -> {
                            List<T> results = new ArrayList<>(futures.size());
                            futures.forEach(future -> results.add(future.join()));
                            return results;
                        });
    }

    /** Does {@code task} with each key that is looked up. */
    void forEach(Task<V> task) {
        for (int i = 0; i < keys.size(); i++) {
            task.run(i, keys.get(i), redisKeys.get(i), found.get(i));
        }
    }

    /** Something to do with one key. */
    interface Task<V> {
        void run(int index, String key, String redisKey, Found<V> found);
    }

    /** Waits for the keys that others are loading. */
    CompletableFuture<Bulk<V>> settled(BiFunction<String, Found<V>, CompletableFuture<Found<V>>> wait) {
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        forEach((index, key, redisKey, one) -> {
            if (one instanceof Found.Busy<V>) {
                waits.add(wait.apply(redisKey, one).thenAccept(settled -> {
                    synchronized (found) {
                        found.set(index, settled);
                    }
                }));
            }
        });
        return CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new)).thenApply(done -> this);
    }

    /** Returns the keys that have to be loaded. */
    Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>();
        forEach((index, key, redisKey, one) -> {
            if (one instanceof Found.Missing<V> || one instanceof Found.WithoutRedis<V>) {
                missing.add(key);
            }
        });
        return missing;
    }

    boolean isWithoutRedis() {
        return found.stream().anyMatch(Found.WithoutRedis.class::isInstance);
    }

    /** Does {@code task} with each key that has the lease {@code token}. */
    void forEachLease(LeaseTask task) {
        forEach((index, key, redisKey, one) -> {
            if (one instanceof Found.Missing<V> missing && missing.token() != null) {
                task.run(key, redisKey, missing.token());
            }
        });
    }

    /** Something to do with one lease. */
    interface LeaseTask {
        void run(String key, String redisKey, byte[] token);
    }

    /** Stores what was loaded, where that may be. */
    CompletableFuture<Void> store(Stores<V> stores, long clock, Loaded<Map<String, V>> loaded) {
        List<CompletableFuture<Optional<V>>> stored = new ArrayList<>();
        forEachLease((key, redisKey, token) -> {
            Optional<V> value = Optional.ofNullable(loaded.value().get(key));
            stored.add(stores.store(redisKey, key, token, clock, new Loaded<>(value, loaded.time())));
        });
        return CompletableFuture.allOf(stored.toArray(CompletableFuture[]::new));
    }

    /** Returns the values found, as {@code hit} tells them, and those loaded, in the order of the keys. */
    Map<String, V> merged(@Nullable Loaded<Map<String, V>> loaded, Hit<V> hit) {
        Map<String, V> merged = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
        forEach((index, key, redisKey, one) -> {
            Optional<V> value = hit.value(key, redisKey, one);
            if (value == null && loaded != null && loaded.value().containsKey(key)) {
                merged.put(key, requireNonNull(loaded.value().get(key), "a loaded value"));
            } else if (value != null && value.isPresent()) {
                merged.put(key, value.get());
            }
        });
        return merged;
    }

    /** Returns the value to be had without a load, or null. */
    interface Hit<V> {
        @Nullable
        Optional<V> value(String key, String redisKey, Found<V> found);
    }
}
