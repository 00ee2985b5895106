package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.KeyPattern;
import dev.forge.redis.Keyspace;
import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.SingleFlight.Flight;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Values read through Redis from wherever they come from (cache-aside).
 *
 * <p>{@link #get(String, Loader)} returns what Redis holds, or else what the loader fetches, and stores that. Callers in one
 * process who want the same key at the same time share one look-up and one load. A value whose load began before an
 * {@linkplain #invalidate invalidation} is never stored after it, whoever invalidates, in whatever process or language: a
 * plain {@code DEL} of the key is enough. A value that cannot be read counts as missing and is replaced.
 *
 * <p>When Redis is unavailable, look-ups go to the loader, and nothing is stored; {@link #stats()} counts it. {@link #put},
 * {@link #invalidate}, {@link #invalidateMatching} and {@link #clear} fail with a {@link dev.forge.redis.RedisFailure},
 * because the caller has to know that the old value may still be there.
 *
 * <p>The keys of a cache are those of the {@link Keyspace} with its name. Each operation has a blocking form and one that
 * ends in {@code Async}, whose loader runs on the executor of the cache.
 *
 * <p>Thread-safe.
 *
 * @param <V> the type of the values
 */
public final class Cache<V> {

    private final RedisManager redis;
    private final Keyspace keyspace;
    private final Codec<V> codec;
    private final Duration ttl;
    private final @Nullable Duration absenceTtl;
    private final Executor executor;
    private final Counters counters = new Counters();
    private final SingleFlight<V> flights = new SingleFlight<>();
    private final Slot<V> slot;

    Cache(CacheBuilder<V> builder) {
        this.redis = builder.redis;
        this.keyspace = builder.keyspace;
        this.codec = builder.codec;
        this.ttl = builder.ttl;
        this.absenceTtl = builder.absenceTtl;
        this.executor = builder.executor;
        this.slot = new Slot<>(redis, keyspace.name(), codec, builder.leaseTime, counters);
    }

    /** Returns a builder of a cache for values of {@code type}, stored as JSON under {@code name}. */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Class<V> type) {
        return builder(redis, name, JsonCodec.of(type));
    }

    /** Returns a builder of a cache for values that {@code codec} writes, stored under {@code name}. */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Codec<V> codec) {
        return new CacheBuilder<>(redis, name, codec);
    }

    /**
     * Returns the value for {@code key}, running {@code loader} on this thread if it is missing.
     *
     * <p>What the loader throws is thrown to everybody who waits for it, and is not stored: as it is, or within a
     * {@link CacheLoadException} if it is checked.
     */
    public Optional<V> get(String key, Loader<V> loader) {
        String redisKey = keyspace.key(key);
        requireNonNull(loader, "loader");
        Flight<V> mine = new Flight<>();
        Flight<V> other = flights.joinOrStart(redisKey, mine);
        if (other != null) {
            other.refuseRecursion(keyspace.name());
            counters.joins.increment();
            // A copy, so that the interrupt of one caller does not cancel the others.
            return joined(other.result().copy());
        }
        try {
            Found<V> found = slot.findSync(redisKey);
            Optional<V> value = found instanceof Found.Present<V> present
                    ? hit(present)
                    : loadHere(redisKey, key, loader, mine, lease(found));
            mine.result().complete(value);
            return value;
        } catch (Throwable failure) {
            mine.result().completeExceptionally(failure);
            throw failure;
        } finally {
            flights.end(redisKey, mine);
        }
    }

    /** Does what {@link #get} does without blocking; the loader runs on the executor of the cache. */
    public CompletableFuture<Optional<V>> getAsync(String key, Loader<V> loader) {
        String redisKey = keyspace.key(key);
        requireNonNull(loader, "loader");
        Flight<V> mine = new Flight<>();
        Flight<V> other = flights.joinOrStart(redisKey, mine);
        if (other != null) {
            other.refuseRecursion(keyspace.name());
            counters.joins.increment();
            return other.result().copy();
        }
        finding(redisKey, mine)
                .thenCompose(found -> found instanceof Found.Present<V> present
                        ? CompletableFuture.completedFuture(hit(present))
                        : CompletableFuture.supplyAsync(() -> load(redisKey, key, loader, mine, lease(found)), executor)
                                .thenCompose(value -> stored(redisKey, lease(found), value)))
                .whenComplete((value, failure) -> {
                    flights.end(redisKey, mine);
                    if (failure == null) {
                        mine.result().complete(value);
                    } else {
                        mine.result().completeExceptionally(unwrapped(failure));
                    }
                });
        return mine.result().copy();
    }

    /** Returns the value for {@code key} if Redis has it; a value that is being loaded is not waited for. */
    public Optional<V> getIfPresent(String key) {
        return joined(getIfPresentAsync(key));
    }

    /** Does what {@link #getIfPresent} does without blocking. */
    public CompletableFuture<Optional<V>> getIfPresentAsync(String key) {
        return slot.peek(keyspace.key(key)).thenApply(value -> {
            (value.isPresent() ? counters.hits : counters.misses).increment();
            return value;
        });
    }

    /**
     * Returns the values for those of {@code keys} that have one, in the order of {@code keys}.
     *
     * <p>All keys are looked up in one round trip, and {@code loader} is run once, on this thread, for all that are missing.
     */
    public Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        Bulk<V> bulk = joined(findAll(keys));
        Map<String, V> loaded = loadAll(bulk, loader);
        joined(storeAll(bulk, loaded));
        return bulk.merged(loaded, this::hit);
    }

    /** Does what {@link #getAll} does without blocking; the loader runs on the executor of the cache. */
    public CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        return findAll(keys).thenCompose(bulk -> {
            CompletableFuture<Map<String, V>> loading = bulk.missing().isEmpty()
                    ? CompletableFuture.completedFuture(Map.of())
                    : CompletableFuture.supplyAsync(() -> loadAll(bulk, loader), executor);
            return loading.thenCompose(
                    loaded -> storeAll(bulk, loaded).thenApply(done -> bulk.merged(loaded, this::hit)));
        });
    }

    /** Stores {@code value} for {@code key}, whatever is there, and keeps loads under way from storing theirs. */
    public void put(String key, V value) {
        joined(putAsync(key, value));
    }

    /** Does what {@link #put} does without blocking. */
    public CompletableFuture<Void> putAsync(String key, V value) {
        String redisKey = keyspace.key(key);
        byte[] entry = Entry.value(codec.encode(requireNonNull(value, "value")));
        return redis.setBytesAsync(redisKey, entry, ttl).whenComplete((done, failure) -> flights.forget(redisKey));
    }

    /** Removes the values of {@code keys}; returns how many keys had one, or were being loaded. */
    public long invalidate(String... keys) {
        return joined(invalidateAsync(keys));
    }

    /** Does what {@link #invalidate} does without blocking. */
    public CompletableFuture<Long> invalidateAsync(String... keys) {
        List<String> redisKeys = Arrays.stream(keys).map(keyspace::key).toList();
        return redis.deleteAsync(redisKeys).whenComplete((done, failure) -> redisKeys.forEach(flights::forget));
    }

    /**
     * Removes the values of all keys of this cache that match {@code pattern}; returns how many.
     *
     * <p>The pattern is over the keys as this cache takes them: {@code KeyPattern.of("{}:*", tenant)} matches the keys of one
     * tenant. See {@link RedisManager#deletePatternAsync(KeyPattern)} for what happens to keys that come and go meanwhile.
     */
    public long invalidateMatching(KeyPattern pattern) {
        return joined(invalidateMatchingAsync(pattern));
    }

    /** Does what {@link #invalidateMatching} does without blocking. */
    public CompletableFuture<Long> invalidateMatchingAsync(KeyPattern pattern) {
        return redis.deletePatternAsync(keyspace, pattern).whenComplete((done, failure) -> flights.forgetAll());
    }

    /** Removes every value of this cache, and nothing else; returns how many. */
    public long clear() {
        return joined(clearAsync());
    }

    /** Does what {@link #clear} does without blocking. */
    public CompletableFuture<Long> clearAsync() {
        return invalidateMatchingAsync(KeyPattern.everything());
    }

    /** Returns what this cache has done in this process. */
    public CacheStats stats() {
        return counters.stats();
    }

    private Optional<V> hit(Found.Present<V> present) {
        counters.hits.increment();
        return present.value();
    }

    /** Begins a look-up; one that is refused at once, as for its key, leaves nothing behind that others would wait for. */
    private CompletableFuture<Found<V>> finding(String redisKey, Flight<V> mine) {
        try {
            return slot.find(redisKey);
        } catch (RuntimeException refusal) {
            flights.end(redisKey, mine);
            mine.result().completeExceptionally(refusal);
            throw refusal;
        }
    }

    private Optional<V> loadHere(
            String redisKey, String key, Loader<V> loader, Flight<V> mine, byte @Nullable [] lease) {
        Optional<V> value = load(redisKey, key, loader, mine, lease);
        return joined(stored(redisKey, lease, value));
    }

    private Optional<V> load(String redisKey, String key, Loader<V> loader, Flight<V> mine, byte @Nullable [] lease) {
        counters.misses.increment();
        mine.loading(true);
        try {
            return counted(
                    () -> requireNonNull(loader.load(key), "a loader must return an Optional, but returned null"));
        } catch (Throwable failure) {
            slot.release(redisKey, lease);
            throw failure;
        } finally {
            mine.loading(false);
        }
    }

    private Map<String, V> loadAll(Bulk<V> bulk, BulkLoader<V> loader) {
        Set<String> missing = bulk.missing();
        if (missing.isEmpty()) {
            return Map.of();
        }
        counters.misses.add(missing.size());
        try {
            return counted(() -> new HashMap<>(loader.load(missing)));
        } catch (Throwable failure) {
            bulk.leases().forEach((key, lease) -> slot.release(keyspace.key(key), lease));
            throw failure;
        }
    }

    private <T> T counted(Callable<T> loader) {
        counters.loads.increment();
        try {
            return loader.call();
        } catch (RuntimeException e) {
            counters.loadFailures.increment();
            throw e;
        } catch (Exception e) {
            counters.loadFailures.increment();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new CacheLoadException(keyspace.name(), e);
        }
    }

    /** Stores what was loaded, if it may be; returns it. */
    private CompletableFuture<Optional<V>> stored(String redisKey, byte @Nullable [] lease, Optional<V> value) {
        CompletableFuture<Void> done;
        if (value.isPresent()) {
            done = slot.publish(redisKey, lease, encoded(redisKey, lease, value.get()), ttl);
        } else if (absenceTtl != null) {
            done = slot.publish(redisKey, lease, Entry.absence(), absenceTtl);
        } else {
            done = slot.release(redisKey, lease);
        }
        return done.thenApply(nothing -> value);
    }

    private byte[] encoded(String redisKey, byte @Nullable [] lease, V value) {
        try {
            return Entry.value(codec.encode(value));
        } catch (RuntimeException e) {
            slot.release(redisKey, lease);
            throw e;
        }
    }

    private CompletableFuture<Bulk<V>> findAll(Collection<String> keys) {
        List<String> distinct = Bulk.distinct(keys);
        return distinct.isEmpty()
                ? CompletableFuture.completedFuture(new Bulk<>(distinct, List.of()))
                : slot.findAll(distinct.stream().map(keyspace::key).toList())
                        .thenApply(found -> new Bulk<>(distinct, found));
    }

    private CompletableFuture<Void> storeAll(Bulk<V> bulk, Map<String, V> loaded) {
        List<CompletableFuture<Optional<V>>> stores = new ArrayList<>();
        bulk.leases()
                .forEach((key, lease) ->
                        stores.add(stored(keyspace.key(key), lease, Optional.ofNullable(loaded.get(key)))));
        return CompletableFuture.allOf(stores.toArray(CompletableFuture[]::new));
    }

    private static <V> byte @Nullable [] lease(Found<V> found) {
        return found instanceof Found.Missing<V> missing ? missing.lease() : null;
    }

    private <T> T joined(CompletableFuture<T> future) {
        return redis.await("cache " + keyspace.name(), future);
    }

    private static Throwable unwrapped(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
