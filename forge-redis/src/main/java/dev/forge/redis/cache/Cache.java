package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.codec.TypeRef;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Values read through Redis from wherever they come from (cache-aside).
 *
 * <p>{@link #get(String, Loader)} returns what Redis holds, or else what the loader fetches, and stores that. Callers who want
 * the same key at the same time share one load, in one process and over several: whoever loads holds a lease in the key
 * itself, and the others wait for it. A value whose load began before an {@linkplain #invalidate invalidation} is never stored
 * after it, whoever invalidates, in whatever process or language: a plain {@code DEL} of the key is enough. The lease of a
 * process that died ends after two seconds. What cannot be read counts as missing and is replaced, also a key of another type, of
 * which the log warns once.
 *
 * <p>When Redis is unavailable, look-ups go to the loader, as many at once as {@link CacheBuilder#loadsWithoutRedis} allows, and
 * nothing is stored; {@link #stats()} counts it. {@link #put}, {@link #invalidate}, {@link #invalidateTag}, {@link
 * #invalidateMatching} and {@link #clear} fail with a {@link dev.forge.redis.failure.RedisFailure}, because the caller has to know that
 * the old value may still be there. This process remembers what was to be invalidated, believes nothing about it, and sends it
 * again until Redis has it.
 *
 * <p>The keys of a cache are those of the {@link Keyspace} with its name. Each operation has a blocking form and one that
 * ends in {@code Async}, whose loader runs on the executor of the cache.
 *
 * <p>Thread-safe. Values are shared between callers and must not be changed.
 *
 * @param <V> the type of the values
 */
public final class Cache<V> {

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final CacheParts<V> parts;
    private final SingleFlight<V> flights;
    private final SingleLookup<V> gets;
    private final BulkLookup<V> bulkGets;

    Cache(CacheBuilder<V> builder) {
        this.redis = builder.redis;
        this.keyspace = builder.keyspace;
        this.parts = CacheParts.of(builder);
        Lookup.Awaiting awaiting = this::joined;
        this.flights = new SingleFlight<>(
                builder.leaseTime, (millis, task) -> redis.scheduler().after(millis, task));
        this.gets = new SingleLookup<>(keyspace, parts, flights, awaiting);
        this.bulkGets =
                new BulkLookup<>(keyspace, parts, flights, gets, redis.bulkWindow(), awaiting, builder.executor);
    }

    /**
     * Returns a builder of a cache for values of {@code type}, stored as JSON under {@code name}.
     *
     * <p>What a look-up returns from Redis equals what was loaded: a value that its JSON would not give back as it was is not stored,
     * which is logged once and counted as {@link CacheStats#unstorable()}.
     *
     * @throws IllegalArgumentException if Jackson cannot write and read the type, or would read other values than it writes
     */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Class<V> type) {
        return builder(redis, name, JsonCodec.of(type));
    }

    /**
     * Does what {@link #builder(RedisManager, String, Class)} does for a type with parameters: {@code new TypeRef<List<User>>()
     * {}}.
     */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, TypeRef<V> type) {
        return builder(redis, name, JsonCodec.of(type));
    }

    /** Returns a builder of a cache for values that {@code codec} writes, stored under {@code name}. */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Codec<V> codec) {
        return new CacheBuilder<>(redis, name, codec);
    }

    /** Returns the name of the cache, which begins its keys in Redis. */
    public String name() {
        return keyspace.name();
    }

    /**
     * Returns the value for {@code key}, running {@code loader} if it is missing: on this thread, unless the cache has a {@link
     * CacheBuilder#loadTimeout}.
     *
     * <p>What the loader throws is thrown to everybody who waits for it, and is not stored: as it is, or within a
     * {@link CacheLoadException} if it is checked. The load of another caller is waited for no longer than the {@link
     * CacheBuilder#leaseTime}; then one of those who wait loads for itself and the others.
     *
     * @throws IllegalStateException if a loader asks for this key and its own load, or that of another loader that waits for it,
     *     has to end first
     */
    public Optional<V> get(String key, Loader<V> loader) {
        return gets.get(key, requireNonNull(loader, "loader"));
    }

    /** Does what {@link #get} does without blocking; the loader runs on the executor of the cache. */
    public CompletableFuture<Optional<V>> getAsync(String key, Loader<V> loader) {
        return held(gets.getAsync(key, requireNonNull(loader, "loader")));
    }

    /**
     * Returns the value for {@code key} if Redis has a fresh one; a value that is being loaded is not waited for. A near cache keeps
     * what it finds, as it does for {@link #get}.
     */
    public Optional<V> getIfPresent(String key) {
        return joined(getIfPresentAsync(key));
    }

    /** Does what {@link #getIfPresent} does without blocking. */
    public CompletableFuture<Optional<V>> getIfPresentAsync(String key) {
        Optional<V> kept = gets.near(key);
        if (kept != null) {
            return CompletableFuture.completedFuture(kept);
        }
        String redisKey = keyspace.key(key);
        CompletableFuture<Optional<V>> peeked = parts.pending().concerns(redisKey)
                ? CompletableFuture.completedFuture(Optional.empty())
                : parts.slot().peek(redisKey);
        return held(peeked.thenApply(value -> {
            (value.isPresent() ? parts.counters().hits : parts.counters().misses).increment();
            return value;
        }));
    }

    /**
     * Returns the values for those of {@code keys} that have one, in the order of {@code keys}.
     *
     * <p>All keys are looked up in one round trip, and {@code loader} is run once, on this thread, for all that are missing and
     * that no one else is loading; more than 10,000 of those are loaded in several runs. What it returns is stored before what
     * others are loading is waited for, and it is run again for what they could not load. While Redis is unavailable all keys
     * are loaded and none is stored.
     *
     * @throws IllegalStateException if a loader asks for a key whose load cannot end before its own, as for {@link #get}
     */
    public Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        return bulkGets.getAll(keys, requireNonNull(loader, "loader"));
    }

    /** Does what {@link #getAll} does without blocking; the loader runs on the executor of the cache. */
    public CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        return held(bulkGets.getAllAsync(keys, requireNonNull(loader, "loader")));
    }

    /**
     * Stores {@code value} for {@code key}, whatever is there, and keeps loads under way from storing theirs.
     *
     * @throws dev.forge.redis.codec.CodecException if it cannot be written, is too large, or would not come back as it was
     */
    public void put(String key, V value) {
        joined(putAsync(key, value));
    }

    /** Does what {@link #put(String, Object)} does, with {@code options} in place of those of the cache. */
    public void put(String key, V value, EntryOptions options) {
        joined(putAsync(key, value, options));
    }

    /** Does what {@link #put(String, Object)} does without blocking. */
    public CompletableFuture<Void> putAsync(String key, V value) {
        return putAsync(key, value, parts.stores().optionsOf(requireNonNull(value, "value")));
    }

    /** Does what {@link #put(String, Object, EntryOptions)} does without blocking. */
    public CompletableFuture<Void> putAsync(String key, V value, EntryOptions options) {
        String redisKey = keyspace.key(key);
        requireNonNull(value, "value");
        requireNonNull(options, "options");
        return held(parts.changing()
                .run(
                        List.of(redisKey),
                        () -> forget(redisKey, key),
                        () -> parts.stores().put(redis, redisKey, value, options)));
    }

    /**
     * Does what {@link #put(String, Object)} does with each of {@code values}; one that fails keeps no other from being stored.
     *
     * <p>About a thousand are under way at once. Those after the first are written on threads of the manager, where their codec
     * and {@link CacheBuilder#options} must not wait for it.
     */
    public void putAll(Map<String, V> values) {
        joined(putAllAsync(values));
    }

    /** Does what {@link #putAll} does without blocking. Commands that are sent before it has ended may overtake it. */
    public CompletableFuture<Void> putAllAsync(Map<String, V> values) {
        List<Map.Entry<String, V>> all = values.entrySet().stream()
                .map(each -> Map.entry(requireNonNull(each.getKey(), "key"), requireNonNull(each.getValue(), "value")))
                .toList();
        return held(redis.bulkWindow()
                .forEach(
                        all.size(),
                        number -> putAsync(
                                all.get(number).getKey(), all.get(number).getValue())));
    }

    /** Removes the values of {@code keys}; returns how many keys had one, or were being loaded. */
    public long invalidate(String... keys) {
        return joined(invalidateAsync(keys));
    }

    /** Does what {@link #invalidate} does without blocking. */
    public CompletableFuture<Long> invalidateAsync(String... keys) {
        List<String> redisKeys = Arrays.stream(keys).map(keyspace::key).toList();
        return held(parts.changing()
                .invalidate(redisKeys, () -> forgetAll(redisKeys, keys), () -> redis.delete(redisKeys)));
    }

    /**
     * Makes all values of {@code tag} invalid, in one step however many there are; they are replaced as they are looked up.
     *
     * <p>A value whose load began before is not stored under this tag after it.
     */
    public void invalidateTag(String tag) {
        joined(invalidateTagAsync(tag));
    }

    /** Does what {@link #invalidateTag} does without blocking. */
    public CompletableFuture<Void> invalidateTagAsync(String tag) {
        EntryOptions.checkTag(tag);
        return held(parts.changing()
                .runOther(
                        "tag " + tag, this::forgetEverything, () -> parts.tags().invalidate(tag)));
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
        return held(parts.changing()
                .runOther("pattern " + pattern, this::forgetEverything, () -> redis.deletePattern(keyspace, pattern)));
    }

    /** Removes every value of this cache, and nothing else; returns how many. */
    public long clear() {
        return joined(clearAsync());
    }

    /** Does what {@link #clear} does without blocking. */
    public CompletableFuture<Long> clearAsync() {
        return held(
                parts.changing().runOther("everything", this::forgetEverything, () -> redis.clearNamespace(keyspace)));
    }

    /** Returns what this cache has done in this process. */
    public CacheStats stats() {
        long bypasses = parts.near() == null ? 0 : parts.near().cache().bypasses();
        return CacheStats.of(parts.counters(), bypasses, parts.pending().size());
    }

    /** Returns what is known about {@code key}; loads nothing, stores nothing, and counts nothing. */
    public Explanation explain(String key) {
        return joined(explainAsync(key));
    }

    /** Does what {@link #explain} does without blocking; never fails for want of Redis. */
    public CompletableFuture<Explanation> explainAsync(String key) {
        String redisKey = keyspace.key(key);
        boolean near = parts.near() != null && parts.near().get(key) != null;
        return held(parts.explainer().explain(redisKey, near, flights.current(redisKey) != null));
    }

    /** Forgets what this process knows of a key, and what it is about to learn. */
    private void forget(String redisKey, String key) {
        if (parts.near() != null) {
            parts.near().forget(key);
        }
        flights.forget(redisKey);
    }

    private void forgetAll(List<String> redisKeys, String... keys) {
        for (int i = 0; i < keys.length; i++) {
            forget(redisKeys.get(i), keys[i]);
        }
    }

    private void forgetEverything() {
        if (parts.near() != null) {
            parts.near().forgetAll();
        }
        flights.forgetAll();
    }

    private <T> CompletableFuture<T> held(CompletableFuture<T> future) {
        return redis.scheduler().toCaller(future);
    }

    private <T> T joined(CompletableFuture<T> future) {
        return redis.await("cache " + keyspace.name(), future);
    }
}
