package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.CacheStats;
import dev.forge.redis.cache.observe.Explanation;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.JsonCodec;
import dev.forge.redis.codec.TypeRef;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.thread.CallerFuture;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.key.Keyspace;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A cache in Redis in front of a slower source of values (cache-aside).
 *
 * <p>{@link #get(String, Loader)} returns the value in Redis. If there is none, it runs the loader, stores the result and returns it.
 *
 * <ul>
 *   <li>Callers that want the same key at the same time share one load, within a process and across processes. The process
 *       that loads holds a lease in the key itself, and the others wait for it. The lease of a process that died ends after
 *       two seconds.
 *   <li>A value whose load began before an {@linkplain #invalidate invalidation} is never stored after it. Any client may
 *       invalidate, in any process or language: a plain {@code DEL} of the key is enough.
 *   <li>No look-up finds the old value once a commit has returned, if the transaction raised a {@linkplain #fence fence}.
 *   <li>An entry that cannot be read, or has another Redis type, counts as missing and is replaced.
 * </ul>
 *
 * <p>When Redis is unavailable, look-ups run the loader, at most {@link CacheBuilder#loadsWithoutRedis} at once, and store
 * nothing; {@link #stats()} counts the failures. {@link #put}, {@link #clear} and the invalidations fail with a {@link
 * dev.forge.redis.failure.RedisFailure}, because the old value may still be in Redis. This process remembers a failed
 * invalidation, does not trust the values that it concerns, and sends it again until Redis acknowledges it or the manager closes.
 *
 * <p>The keys of a cache are those of the {@link Keyspace} with its name. Each operation has a blocking variant, and a non-blocking
 * one that ends in {@code Async}, whose loader runs on the {@linkplain CacheBuilder#executor executor} of the cache.
 *
 * <p>Thread-safe. Values are shared between callers and must not be changed.
 *
 * @param <V> the type of the values
 */
public final class Cache<V> {

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final CacheParts<V> parts;
    private final SingleLookup<V> singleLookup;
    private final BulkLookup<V> bulkLookup;
    private final CallerLookup<V> callerLookup;
    private final Changes<V> changes;
    private final Fencing<V> fencing;

    Cache(RedisCore redis, CacheOptions<V> options) {
        this.redis = redis;
        this.keyspace = options.keyspace;
        this.parts = new CacheParts<>(redis, options, this::joined);
        this.singleLookup = new SingleLookup<>(parts);
        this.bulkLookup = new BulkLookup<>(parts);
        this.callerLookup = new CallerLookup<>(parts);
        this.changes = new Changes<>(redis, parts);
        this.fencing = new Fencing<>(parts, changes);
    }

    /**
     * Returns a builder of a cache for values of {@code type}, stored as JSON under {@code name}.
     *
     * <p>A value read from Redis equals the value that was loaded. A value that does not survive the round trip through
     * JSON is returned but not stored; this is logged once and counted as {@link CacheStats#unstorable()}.
     *
     * @throws IllegalArgumentException if values of the type would be read as different values, as {@link JsonCodec#of(Class)} says
     */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Class<V> type) {
        return builder(redis, name, JsonCodec.of(type));
    }

    /** Like {@link #builder(RedisManager, String, Class)}, for a type such as {@code new TypeRef<List<User>>() {}}. */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, TypeRef<V> type) {
        return builder(redis, name, JsonCodec.of(type));
    }

    /** Returns a builder of a cache for values that {@code codec} encodes, stored under {@code name}. */
    public static <V> CacheBuilder<V> builder(RedisManager redis, String name, Codec<V> codec) {
        return new CacheBuilder<>(redis, name, codec);
    }

    /** Returns the name of the cache; its keys in Redis begin with it. */
    public String name() {
        return keyspace.name();
    }

    /**
     * Returns the value for {@code key}; runs {@code loader} if it is missing.
     *
     * <p>Blocks. The loader runs on this thread, unless the cache has a {@link CacheBuilder#loadTimeout}. What the loader throws
     * reaches every caller that waits for this load, and is not stored; a checked exception is wrapped in a {@link
     * CacheLoadException}. A caller waits for the load of another for at most the {@link CacheBuilder#leaseTime}. Then one of
     * the waiting callers loads the value for all of them.
     *
     * @throws IllegalStateException if this call is made in a loader and would deadlock, because the load of {@code
     *     key} waits for that loader
     */
    public Optional<V> get(String key, Loader<V> loader) {
        return singleLookup.get(key, requireNonNull(loader, "loader"));
    }

    /** Non-blocking variant of {@link #get}; the loader runs on the executor of the cache. */
    public CompletableFuture<Optional<V>> getAsync(String key, Loader<V> loader) {
        return CallerFuture.of(singleLookup.getAsync(key, requireNonNull(loader, "loader")));
    }

    /**
     * Returns the value for {@code key} if Redis has a fresh one; runs no loader and waits for no load.
     *
     * <p>A near cache keeps what this finds. When Redis is unavailable, this returns nothing.
     */
    public Optional<V> getIfPresent(String key) {
        return joinedFirst(() -> getIfPresentAsync(key));
    }

    /** Non-blocking variant of {@link #getIfPresent}. */
    public CompletableFuture<Optional<V>> getIfPresentAsync(String key) {
        return CallerFuture.of(callerLookup.getIfPresent(key));
    }

    /**
     * Looks {@code key} up for a caller that loads a missing value itself.
     *
     * <p>Runs no loader and waits for no load. A {@link CacheMiss} holds the lease on the key unless another caller has it: store
     * the loaded value through it, or close it. If a value is stale, or due for an early refresh, one caller gets a miss, and the
     * others get the value. When Redis is unavailable, the result is a miss that stores nothing.
     */
    public CacheLookup<V> lookup(String key) {
        return lookup(key, LookupOptions.NONE);
    }

    /** Like {@link #lookup(String)}, with {@code options} for a caller that waits, or is in a transaction. */
    public CacheLookup<V> lookup(String key, LookupOptions options) {
        return callerLookup.lookup(key, options);
    }

    /** Non-blocking variant of {@link #lookup(String)}. A miss completes on the executor of the cache, where a load may block. */
    public CompletableFuture<CacheLookup<V>> lookupAsync(String key) {
        return lookupAsync(key, LookupOptions.NONE);
    }

    /** Non-blocking variant of {@link #lookup(String, LookupOptions)}; completes like {@link #lookupAsync(String)}. */
    public CompletableFuture<CacheLookup<V>> lookupAsync(String key, LookupOptions options) {
        return CallerFuture.of(callerLookup.lookupAsync(key, options));
    }

    /** Looks {@code key} up as {@link #getIfPresent} does, and tells a cached absence from a miss. A miss takes no lease and stores nothing. */
    public CacheLookup<V> peek(String key) {
        return joinedFirst(() -> callerLookup.peek(key));
    }

    /** Non-blocking variant of {@link #peek}. A miss completes on the executor of the cache, where a load may block. */
    public CompletableFuture<CacheLookup<V>> peekAsync(String key) {
        return CallerFuture.of(callerLookup.peekAsync(key));
    }

    /**
     * Returns the values for those of {@code keys} that have one, in the order of {@code keys}.
     *
     * <p>Looks up all keys in one round trip. Then runs {@code loader} once, on this thread, for all missing keys that no other
     * caller is loading; more than 10,000 missing keys are loaded in several runs. The results are stored before this call waits
     * for the loads of others, and {@code loader} runs again for keys that the others could not load. {@link
     * CacheBuilder#loadTimeout} does not apply. When Redis is unavailable, all keys are loaded and none is stored.
     *
     * @throws IllegalStateException if this call is made in a loader and would deadlock, as for {@link #get}
     */
    public Map<String, V> getAll(Collection<String> keys, BulkLoader<V> loader) {
        return bulkLookup.getAll(keys, requireNonNull(loader, "loader"));
    }

    /** Non-blocking variant of {@link #getAll}; the loader runs on the executor of the cache. */
    public CompletableFuture<Map<String, V>> getAllAsync(Collection<String> keys, BulkLoader<V> loader) {
        return CallerFuture.of(bulkLookup.getAllAsync(keys, requireNonNull(loader, "loader")));
    }

    /**
     * Stores {@code value} for {@code key}, replaces any entry there, and keeps running loads from storing theirs.
     *
     * @throws dev.forge.redis.codec.CodecException if the value cannot be encoded, is too large, or would not be read back equal
     * @throws dev.forge.redis.failure.RedisFailure if Redis has not acknowledged the value
     */
    public void put(String key, V value) {
        joinedFirst(() -> putAsync(key, value));
    }

    /** Like {@link #put(String, Object)}, with {@code options} instead of {@link CacheBuilder#options}. */
    public void put(String key, V value, EntryOptions options) {
        joinedFirst(() -> putAsync(key, value, options));
    }

    /** Non-blocking variant of {@link #put(String, Object)}. */
    public CompletableFuture<Void> putAsync(String key, V value) {
        return CallerFuture.of(changes.put(key, value));
    }

    /** Non-blocking variant of {@link #put(String, Object, EntryOptions)}. */
    public CompletableFuture<Void> putAsync(String key, V value, EntryOptions options) {
        return CallerFuture.of(changes.put(key, value, options));
    }

    /**
     * Stores each of {@code values} like {@link #put(String, Object)}, even if one of them fails.
     *
     * <p>About a thousand writes are in flight at once. The rest are encoded on threads of the manager, where the codec and
     * {@link CacheBuilder#options} must not wait for the manager.
     */
    public void putAll(Map<String, V> values) {
        joined(putAllAsync(values));
    }

    /** Non-blocking variant of {@link #putAll}. Commands sent before it has completed may overtake it. */
    public CompletableFuture<Void> putAllAsync(Map<String, V> values) {
        return CallerFuture.of(changes.putAll(values));
    }

    /**
     * Like {@link #put(String, Object)}, but stores that {@code key} has no value. If the cache does not {@linkplain
     * CacheBuilder#cacheAbsence keep} absences, this only removes the value.
     */
    public void putAbsence(String key) {
        joinedFirst(() -> putAbsenceAsync(key));
    }

    /** Non-blocking variant of {@link #putAbsence}. */
    public CompletableFuture<Void> putAbsenceAsync(String key) {
        return CallerFuture.of(changes.putAbsence(key));
    }

    /** Removes the values of {@code keys}, but not their fences; returns how many of the keys had an entry of any kind. */
    public long invalidate(String... keys) {
        return joinedFirst(() -> invalidateAsync(keys));
    }

    /** Non-blocking variant of {@link #invalidate}. */
    public CompletableFuture<Long> invalidateAsync(String... keys) {
        return CallerFuture.of(changes.invalidate(keys));
    }

    /**
     * Invalidates all values with {@code tag} in one step, however many there are; a look-up then loads them again. A value
     * whose load began before this is not stored under the tag afterwards.
     */
    public void invalidateTag(String tag) {
        joined(invalidateTagAsync(tag));
    }

    /** Non-blocking variant of {@link #invalidateTag}. */
    public CompletableFuture<Void> invalidateTagAsync(String tag) {
        return CallerFuture.of(changes.invalidateTag(tag));
    }

    /**
     * Removes the values of all keys of this cache that match {@code pattern}; returns how many. The pattern applies to keys as
     * callers pass them, whatever characters they hold: {@code KeyPattern.of("{}:*", tenant)} matches the keys of one tenant.
     *
     * <p>See {@link RedisManager#deletePatternAsync(KeyPattern)} for keys that are added or removed meanwhile.
     */
    public long invalidateMatching(KeyPattern pattern) {
        return joined(invalidateMatchingAsync(pattern));
    }

    /** Non-blocking variant of {@link #invalidateMatching}. */
    public CompletableFuture<Long> invalidateMatchingAsync(KeyPattern pattern) {
        return CallerFuture.of(changes.invalidateMatching(pattern));
    }

    /** Removes every value of this cache, and nothing else; returns how many. */
    public long clear() {
        return joined(clearAsync());
    }

    /** Non-blocking variant of {@link #clear}. */
    public CompletableFuture<Long> clearAsync() {
        return CallerFuture.of(changes.clear());
    }

    /**
     * Raises a fence on {@code keys}, as the last step before the commit of a transaction that changes their values: until it is
     * ended, no look-up in any process finds or stores the old values. Waits for at most 500 ms; {@link CacheFence#failure()}
     * says whether Redis has acknowledged it.
     */
    public CacheFence<V> fence(Collection<String> keys) {
        return joined(fenceAsync(keys));
    }

    /** Non-blocking variant of {@link #fence}. */
    public CompletableFuture<CacheFence<V>> fenceAsync(Collection<String> keys) {
        return CallerFuture.of(fencing.raise(keys));
    }

    /** Returns the counters of this cache in this process. */
    public CacheStats stats() {
        return parts.stats();
    }

    /** Returns the state of {@code key} for diagnosis; loads nothing, stores nothing, and counts nothing. */
    public Explanation explain(String key) {
        return joined(explainAsync(key));
    }

    /**
     * Non-blocking variant of {@link #explain}. Does not fail when Redis is unavailable; the state is then
     * {@link Explanation.State#UNKNOWN}.
     */
    public CompletableFuture<Explanation> explainAsync(String key) {
        return CallerFuture.of(parts.explained(key));
    }

    private <T> T joined(CompletableFuture<T> future) {
        return redis.await("cache " + keyspace.name(), future);
    }

    private <T> T joinedFirst(Supplier<CompletableFuture<T>> operation) {
        return redis.awaitFirst("cache " + keyspace.name(), operation);
    }
}
