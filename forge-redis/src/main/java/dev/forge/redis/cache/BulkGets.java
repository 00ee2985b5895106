package dev.forge.redis.cache;

import dev.forge.redis.Keyspace;
import dev.forge.redis.cache.Loads.Loaded;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Look-ups of many keys at once. */
record BulkGets<V>(Keyspace keyspace, CacheParts<V> parts, Gets<V> gets, Lookup.Awaiting awaiting, Executor executor) {

    /** Does what {@link Cache#getAll} promises. */
    Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        Bulk<V> bulk = awaiting.await(findAll(keys));
        Set<String> missing = bulk.missing();
        if (missing.isEmpty()) {
            return merged(bulk, null, loader);
        }
        long clock = awaiting.await(parts.stores().clock());
        Loaded<Map<String, V>> loaded = loadAll(bulk, missing, loader);
        awaiting.await(bulk.store(parts.stores(), clock, loaded));
        return merged(bulk, loaded, loader);
    }

    /** Does what {@link Cache#getAllAsync} promises. */
    CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        return findAll(keys).thenCompose(bulk -> {
            Set<String> missing = bulk.missing();
            if (missing.isEmpty()) {
                return CompletableFuture.completedFuture(merged(bulk, null, loader));
            }
            return parts.stores()
                    .clock()
                    .thenCompose(clock -> CompletableFuture.supplyAsync(() -> loadAll(bulk, missing, loader), executor)
                            .thenCompose(loaded -> bulk.store(parts.stores(), clock, loaded)
                                    .thenApply(done -> merged(bulk, loaded, loader))));
        });
    }

    private CompletableFuture<Bulk<V>> findAll(Collection<String> keys) {
        List<String> distinct = Bulk.distinct(keys);
        List<String> redisKeys = distinct.stream().map(keyspace::key).toList();
        CompletableFuture<List<Found<V>>> all = parts.near() == null
                ? parts.lookup().findAll(redisKeys)
                : Bulk.allOf(IntStream.range(0, distinct.size())
                        .mapToObj(i -> nearOrFound(distinct.get(i), redisKeys.get(i)))
                        .toList());
        return all.thenApply(found -> new Bulk<>(distinct, redisKeys, found))
                .thenCompose(bulk -> bulk.settled(parts.lookup()));
    }

    // One by one, because what is to be kept in memory is read on the connection that tells of changes, all in one go.
    private CompletableFuture<Found<V>> nearOrFound(String key, String redisKey) {
        Optional<V> kept = gets.near(key);
        return kept == null
                ? parts.lookup().findNow(redisKey)
                : CompletableFuture.completedFuture(new Found.Near<>(kept));
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
