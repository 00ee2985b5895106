package dev.forge.redis.spring.cache;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.key.KeyPattern;
import dev.forge.redis.spring.cache.transaction.TransactionalCache;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.support.SimpleValueWrapper;

/**
 * A cache as {@code CacheManager.getCache} gives it to an application.
 *
 * <p>A look-up takes no lease, and a put replaces what is there: only an {@link InvocationCache} knows which look-up a put
 * belongs to. When Redis is unavailable, look-ups find nothing; puts, evictions and {@link #clear} fail with a {@link
 * dev.forge.redis.failure.RedisFailure}, and what they would have removed is removed later.
 */
sealed class SpringCache implements org.springframework.cache.Cache permits InvocationCache {

    private static final int MOST_TRIES = 3;

    final Cache<TypedValue> cache;
    final CachedTypes types;
    private final CacheKeyFormat keys;

    /** This cache, as the transaction of a thread or of a call sees it. */
    final TransactionalCache<TypedValue> transactional;

    SpringCache(
            Cache<TypedValue> cache,
            CachedTypes types,
            CacheKeyFormat keys,
            TransactionalCache<TypedValue> transactional) {
        this.cache = cache;
        this.types = types;
        this.keys = keys;
        this.transactional = transactional;
    }

    /** Makes {@code same} for a call that begins on this thread. */
    SpringCache(SpringCache same) {
        this(same.cache, same.types, same.keys, same.transactional.forCall());
    }

    @Override
    public final String getName() {
        return cache.name();
    }

    /** Returns the {@link Cache} of Forge; its values are objects of this package. */
    @Override
    public final Object getNativeCache() {
        return cache;
    }

    @Override
    public final @Nullable ValueWrapper get(Object key) {
        return wrapped(lookup(text(key)));
    }

    @Override
    public final <T> @Nullable T get(Object key, @Nullable Class<T> type) {
        ValueWrapper found = get(key);
        Object value = found == null ? null : found.get();
        if (value != null && type != null && !type.isInstance(value)) {
            throw new IllegalStateException("the value of the key " + text(key) + " of the cache " + getName()
                    + " must be a " + type.getName() + ", but is a "
                    + value.getClass().getName());
        }
        @SuppressWarnings("unchecked") // the caller says so, or it has just been checked
        T cast = (T) value;
        return cast;
    }

    @Override
    @SuppressWarnings("unchecked") // as the interface demands: the caller knows what the key holds
    public final <T> @Nullable T get(Object key, Callable<T> loader) {
        try {
            return (T) load(text(key), loader);
        } catch (LoadFailed e) {
            throw new ValueRetrievalException(key, loader, e.getCause());
        }
    }

    @Override
    public final CompletableFuture<?> retrieve(Object key) {
        return lookupAsync(text(key)).thenApply(SpringCache::wrapped);
    }

    /** The loader runs on the executor of the cache. */
    @Override
    @SuppressWarnings("unchecked") // as in get
    public final <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
        return loadAsync(text(key), loader).thenApply(value -> (T) value).exceptionally(failure -> {
            throw new CompletionException(LoadFailed.reason(failure));
        });
    }

    @Override
    public final void put(Object key, @Nullable Object value) {
        put(key, text(key), value);
    }

    @Override
    public final @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
        String text = text(key);
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            CacheLookup<TypedValue> found = cache.lookup(text);
            if (!(found instanceof CacheMiss<TypedValue> miss)) {
                return wrapped(found);
            }
            try (miss) {
                if (store(miss, value)) {
                    return null;
                }
            }
        }
        transactional.putNow(text, supplied(value));
        return null;
    }

    @Override
    public final void evict(Object key) {
        transactional.evict(text(key), (handler, failure) -> handler.handleCacheEvictError(failure, this, key));
    }

    /** Evicts at once, and in a transaction once more after its commit. */
    @Override
    public final boolean evictIfPresent(Object key) {
        if (transactional.isDeferred()) {
            evict(key);
        }
        return cache.invalidate(text(key)) > 0;
    }

    @Override
    public final void clear() {
        transactional.clear((handler, failure) -> handler.handleCacheClearError(failure, this));
    }

    /** Clears at once, and in a transaction once more after its commit. */
    @Override
    public final boolean invalidate() {
        if (transactional.isDeferred()) {
            clear();
        }
        return cache.clear() > 0;
    }

    /** Invalidates all values with {@code tag}; in a transaction, after its commit. */
    final void invalidateTag(String tag) {
        invalidate(() -> cache.invalidateTag(tag));
    }

    /** Invalidates all keys that match {@code pattern}; in a transaction, after its commit. */
    final void invalidateMatching(KeyPattern pattern) {
        invalidate(() -> cache.invalidateMatching(pattern));
    }

    private void invalidate(Runnable invalidation) {
        transactional.invalidate(invalidation, (handler, failure) -> handler.handleCacheClearError(failure, this));
    }

    /** Non-blocking variant of {@link #invalidateTag}. */
    final CompletableFuture<?> invalidateTagAsync(String tag) {
        return invalidateAsync(() -> cache.invalidateTag(tag), () -> cache.invalidateTagAsync(tag));
    }

    /** Non-blocking variant of {@link #invalidateMatching}. */
    final CompletableFuture<?> invalidateMatchingAsync(KeyPattern pattern) {
        return invalidateAsync(() -> cache.invalidateMatching(pattern), () -> cache.invalidateMatchingAsync(pattern));
    }

    private CompletableFuture<?> invalidateAsync(Runnable invalidation, Supplier<CompletableFuture<?>> now) {
        return transactional.invalidateAsync(
                invalidation, now, (handler, failure) -> handler.handleCacheClearError(failure, this));
    }

    /** Looks {@code key} up; null if Redis must not be asked. */
    @Nullable
    CacheLookup<TypedValue> lookup(String key) {
        return transactional.peek(key);
    }

    /** Non-blocking variant of {@link #lookup}. */
    CompletableFuture<@Nullable CacheLookup<TypedValue>> lookupAsync(String key) {
        return transactional.peekAsync(key);
    }

    /** @param text the text of {@code key} */
    void put(Object key, String text, @Nullable Object value) {
        transactional.put(
                text, supplied(value), (handler, failure) -> handler.handleCachePutError(failure, this, key, value));
    }

    private @Nullable Supplier<TypedValue> supplied(@Nullable Object value) {
        return value == null ? null : () -> typed(value);
    }

    /**
     * Stores what was loaded after {@code miss}, unless something has invalidated the key since; returns whether it was
     * stored. Never fails because of Redis.
     */
    final boolean store(CacheMiss<TypedValue> miss, @Nullable Object value) {
        return value == null ? miss.storeAbsence() : miss.store(typed(value));
    }

    /** Non-blocking variant of {@link #store}. */
    final CompletableFuture<Boolean> storeAsync(CacheMiss<TypedValue> miss, @Nullable Object value) {
        return value == null ? miss.storeAbsenceAsync() : miss.storeAsync(typed(value));
    }

    /** Returns {@code value} with the type by which it is stored. */
    TypedValue typed(Object value) {
        return types.typed(value);
    }

    /** Returns whether values may be stored at all. */
    boolean isStorable() {
        return true;
    }

    private @Nullable Object load(String key, Callable<?> loader) {
        if (!isStorable()) {
            return LoadFailed.called(loader);
        }
        if (transactional.sharesLoads()) {
            return cache.get(
                            key,
                            wanted -> Optional.ofNullable(LoadFailed.called(loader))
                                    .map(this::typed))
                    .map(TypedValue::value)
                    .orElse(null);
        }
        // The value may be one that only this transaction sees, or an old one, so no other caller may join the load.
        CacheLookup<TypedValue> found = transactional.lookupWaiting(key);
        if (!(found instanceof CacheMiss<TypedValue> miss)) {
            ValueWrapper wrapped = wrapped(found);
            return wrapped == null ? LoadFailed.called(loader) : wrapped.get();
        }
        try {
            Object value = LoadFailed.called(loader);
            transactional.settle(miss, () -> store(miss, value));
            return value;
        } catch (LoadFailed failure) {
            miss.loadFailed(LoadFailed.reason(failure));
            throw failure;
        } catch (Throwable failure) {
            miss.close();
            throw failure;
        }
    }

    private CompletableFuture<@Nullable Object> loadAsync(String key, Supplier<? extends CompletableFuture<?>> loader) {
        if (!isStorable()) {
            return LoadFailed.begun(loader);
        }
        if (!transactional.isDeferred()) {
            return cache.getAsync(
                            key,
                            wanted -> Optional.ofNullable(
                                            LoadFailed.begun(loader).join())
                                    .map(this::typed))
                    .thenApply(found -> found.map(TypedValue::value).orElse(null));
        }
        return lookupAsync(key).thenCompose(found -> {
            ValueWrapper wrapped = wrapped(found);
            return wrapped == null
                    ? LoadFailed.begun(loader)
                    : CompletableFuture.<@Nullable Object>completedFuture(wrapped.get());
        });
    }

    private String text(Object key) {
        return keys.format(key);
    }

    private static @Nullable ValueWrapper wrapped(@Nullable CacheLookup<TypedValue> found) {
        if (found instanceof CacheLookup.Hit<TypedValue> hit) {
            return new SimpleValueWrapper(hit.value().value());
        }
        return found instanceof CacheLookup.Absent<TypedValue> ? new SimpleValueWrapper(null) : null;
    }
}
