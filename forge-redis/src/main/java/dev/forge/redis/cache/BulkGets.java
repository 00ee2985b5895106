package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.Keyspace;
import dev.forge.redis.cache.Loads.Loaded;
import dev.forge.redis.cache.SingleFlight.Flight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Look-ups of many keys at once. */
record BulkGets<V>(
        Keyspace keyspace,
        CacheParts<V> parts,
        SingleFlight<V> flights,
        Gets<V> gets,
        Lookup.Awaiting awaiting,
        Executor executor) {

    /** Does what {@link Cache#getAll} promises. */
    Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        List<String> wanted = wanted(keys);
        List<@Nullable Object> arrived = awaiting.await(arriveAll(wanted));
        Map<String, V> whole = whole(wanted, arrived);
        if (whole != null) {
            return whole;
        }
        Bulk<V> bulk = awaiting.await(found(wanted, arrived));
        Set<String> missing = bulk.missing();
        if (missing.isEmpty()) {
            return merged(bulk, null, loader);
        }
        Led<V> led = lead(bulk);
        try {
            long clock = awaiting.await(parts.stores().clock());
            Loaded<Map<String, V>> loaded = led.loading(() -> loadAll(bulk, missing, loader));
            awaiting.await(bulk.store(parts.stores(), clock, loaded));
            led.end(loaded.value());
            return merged(bulk, loaded, loader);
        } catch (Throwable failure) {
            led.fail(failure, Thread.currentThread().isInterrupted());
            throw failure;
        }
    }

    /** Does what {@link Cache#getAllAsync} promises. */
    CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        List<String> wanted = wanted(keys);
        return arriveAll(wanted).thenCompose(arrived -> {
            Map<String, V> whole = whole(wanted, arrived);
            return whole == null
                    ? found(wanted, arrived).thenCompose(bulk -> concluded(bulk, loader))
                    : CompletableFuture.completedFuture(whole);
        });
    }

    private CompletableFuture<Map<String, V>> concluded(Bulk<V> bulk, BulkLoader<V> loader) {
        Set<String> missing = bulk.missing();
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(merged(bulk, null, loader));
        }
        Led<V> led = lead(bulk);
        return parts.stores()
                .clock()
                .thenCompose(clock -> CompletableFuture.supplyAsync(
                                () -> led.loading(() -> loadAll(bulk, missing, loader)), executor)
                        .thenCompose(loaded -> bulk.store(parts.stores(), clock, loaded)
                                .thenApply(done -> {
                                    led.end(loaded.value());
                                    return merged(bulk, loaded, loader);
                                })))
                .whenComplete((values, failure) -> {
                    if (failure != null) {
                        led.fail(Lookup.unwrapped(failure), false);
                    }
                });
    }

    /** Lets those who want one of the keys that are about to be loaded join this load. */
    private Led<V> lead(Bulk<V> bulk) {
        Map<String, Flight<V>> leading = new HashMap<>();
        bulk.forEachLease((key, redisKey, token) -> {
            Flight<V> mine = new Flight<>();
            if (flights.joinOrStart(redisKey, mine) == null) {
                leading.put(key, mine);
            }
        });
        return new Led<>(keyspace, flights, leading);
    }

    /** The look-ups that others join, by key. */
    private record Led<V>(Keyspace keyspace, SingleFlight<V> flights, Map<String, Flight<V>> leading) {

        /** Runs {@code load}, in which none of the keys may be asked for. */
        <T> T loading(Supplier<T> load) {
            leading.values().forEach(mine -> mine.loading(true));
            try {
                return load.get();
            } finally {
                leading.values().forEach(mine -> mine.loading(false));
            }
        }

        void end(Map<String, V> loaded) {
            leading.forEach((key, mine) -> {
                flights.end(keyspace.key(key), mine);
                mine.complete(Optional.ofNullable(loaded.get(key)));
            });
        }

        void fail(Throwable failure, boolean interrupted) {
            leading.forEach((key, mine) -> {
                flights.end(keyspace.key(key), mine);
                mine.fail(failure, interrupted);
            });
        }
    }

    private static List<String> wanted(Collection<String> keys) {
        List<String> wanted = new ArrayList<>(keys.size());
        keys.forEach(key -> wanted.add(requireNonNull(key, "key")));
        return wanted;
    }

    private CompletableFuture<@Nullable List<@Nullable Object>> arriveAll(List<String> wanted) {
        return isOneByOne() || wanted.isEmpty()
                ? CompletableFuture.<@Nullable List<@Nullable Object>>completedFuture(null)
                : parts.lookup().arriveAll(wanted);
    }

    /** Returns all values if each of them has arrived as one, which is the quick way, or else null. */
    @SuppressWarnings("unchecked") // what is no entry is a value
    private @Nullable Map<String, V> whole(List<String> wanted, @Nullable List<@Nullable Object> arrived) {
        if (arrived == null) {
            return null;
        }
        for (Object one : arrived) {
            if (one == null || one instanceof byte[]) {
                return null;
            }
        }
        Map<String, V> whole = new LinkedHashMap<>(wanted.size() * 4 / 3 + 1);
        for (int i = 0; i < wanted.size(); i++) {
            whole.put(wanted.get(i), (V) requireNonNull(arrived.get(i)));
        }
        parts.counters().hits.add(whole.size());
        return whole;
    }

    private CompletableFuture<Bulk<V>> found(List<String> wanted, @Nullable List<@Nullable Object> arrived) {
        Map<String, @Nullable Object> distinct = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            distinct.put(wanted.get(i), arrived == null ? null : arrived.get(i));
        }
        List<String> keys = List.copyOf(distinct.keySet());
        List<String> redisKeys = keys.stream().map(keyspace::key).toList();
        CompletableFuture<List<Found<V>>> all;
        if (isOneByOne()) {
            all = Bulk.allOf(IntStream.range(0, keys.size())
                    .mapToObj(i -> nearOrFound(keys.get(i), redisKeys.get(i)))
                    .toList());
        } else if (arrived == null) {
            all = CompletableFuture.completedFuture(keys.stream()
                    .map(key -> (Found<V>) new Found.WithoutRedis<V>())
                    .toList());
        } else {
            all = parts.slot().judgeAll(redisKeys, new ArrayList<>(distinct.values()));
        }
        return all.thenApply(found -> new Bulk<>(keys, redisKeys, found))
                .thenCompose(bulk -> bulk.settled(this::settled));
    }

    /**
     * Returns whether each key has commands of its own, which travel together: what is to be kept in memory is read on the
     * connection that tells of changes, and MGET does not tell how long a value will live.
     */
    private boolean isOneByOne() {
        return parts.near() != null || parts.slot().asksForLife();
    }

    private CompletableFuture<Found<V>> nearOrFound(String key, String redisKey) {
        Optional<V> kept = gets.near(key);
        return kept == null
                ? parts.lookup().findNow(redisKey)
                : CompletableFuture.completedFuture(new Found.Near<>(kept));
    }

    /** Waits for the load of another, in this process or elsewhere. */
    private CompletableFuture<Found<V>> settled(String redisKey, Found<V> busy) {
        Flight<V> here = flights.current(redisKey);
        if (here == null) {
            return parts.lookup().settled(redisKey, busy);
        }
        parts.counters().joins.increment();
        return here.<Found<V>>thenApply(Found.Near::new)
                .exceptionallyCompose(failure -> parts.lookup().settled(redisKey, busy));
    }

    private Loaded<Map<String, V>> loadAll(Bulk<V> bulk, Set<String> missing, BulkLoader<V> loader) {
        parts.counters().misses.add(missing.size());
        return parts.lookup().loadAll(bulk, missing, loader);
    }

    private Map<String, V> merged(Bulk<V> bulk, @Nullable Loaded<Map<String, V>> loaded, BulkLoader<V> loader) {
        Loader<V> one = key -> Optional.ofNullable(loader.load(Set.of(key)).get(key));
        return bulk.merged(loaded, (key, redisKey, found) -> {
            Optional<V> there = gets.served(redisKey, key, one, found);
            return there == null && found instanceof Found.Stale<V> stale
                    ? parts.refreshes().staleNow(stale.value(), redisKey, key, one)
                    : there;
        });
    }
}
