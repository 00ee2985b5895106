package dev.forge.redis.spring.cache;

import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.failure.RedisInterruptedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A cache during one {@link CacheInvocation}.
 *
 * <p>A look-up that misses takes the lease on its key, if no other caller has it. The put of that key after the method
 * stores the value under the lease, and only if nothing has invalidated the key since. Without the lease it stores
 * nothing. A put without a look-up, as by {@code @CachePut}, replaces what is there.
 *
 * <p>After an asynchronous look-up the put does not block; {@link #end} returns when it is done.
 */
final class InvocationCache extends SpringCache {

    private final CacheInvocation invocation;
    private final CachedMethod method;
    private final @Nullable CachedType type;

    /** What a hit does not need, and so is made for the first miss. */
    private volatile @Nullable Misses misses;

    private volatile boolean isAsync;
    private volatile boolean hasEnded;

    /**
     * The look-ups that have missed.
     *
     * @param byKey empty for a look-up without a lease, so that what the method returns is not stored
     * @param puts the puts that have begun without blocking
     */
    private record Misses(Map<String, Optional<CacheMiss<TypedValue>>> byKey, List<CompletableFuture<Boolean>> puts) {
        private Misses() {
            this(new ConcurrentHashMap<>(2), new CopyOnWriteArrayList<>());
        }
    }

    private synchronized Misses misses() {
        Misses all = misses;
        if (all == null) {
            all = new Misses();
            misses = all;
        }
        return all;
    }

    InvocationCache(SpringCache cache, CacheInvocation invocation, CachedMethod method) {
        super(cache);
        this.invocation = invocation;
        this.method = method;
        this.type = cache.types.add(method);
    }

    @Override
    @Nullable
    CacheLookup<TypedValue> lookup(String key) {
        if (!method.looksUp()) {
            return super.lookup(key);
        }
        invocation.begin();
        return noted(key, type == null ? null : transactional.lookup(key));
    }

    @Override
    CompletableFuture<@Nullable CacheLookup<TypedValue>> lookupAsync(String key) {
        if (!method.looksUp()) {
            return super.lookupAsync(key);
        }
        invocation.begin();
        isAsync = true;
        if (type == null) {
            return CompletableFuture.completedFuture(noted(key, null));
        }
        // In a transaction the future may end on a thread that knows nothing of it, so the value is not stored.
        return transactional.storesAtOnce()
                ? cache.lookupAsync(key).thenApply(found -> noted(key, found))
                : super.lookupAsync(key).thenApply(found -> noted(key, found instanceof CacheMiss ? null : found));
    }

    private @Nullable CacheLookup<TypedValue> noted(String key, @Nullable CacheLookup<TypedValue> found) {
        if (found == null) {
            misses().byKey().put(key, Optional.empty());
        } else if (found instanceof CacheMiss<TypedValue> miss) {
            misses().byKey().put(key, Optional.of(miss));
            if (hasEnded) {
                // For example the caller has cancelled its subscription.
                miss.close();
            }
        }
        return found;
    }

    @Override
    void put(Object given, String key, @Nullable Object value) {
        invocation.begin();
        if (method.isRefused()) {
            return;
        }
        Misses all = misses;
        Optional<CacheMiss<TypedValue>> miss = all == null ? null : all.byKey().get(key);
        if (miss == null) {
            super.put(given, key, value);
        } else if (miss.isPresent()) {
            settle(key, miss.get(), value);
        }
    }

    private void settle(String key, CacheMiss<TypedValue> miss, @Nullable Object value) {
        if (isAsync) {
            misses().puts().add(storeAsync(miss, value));
        } else {
            boolean isDone = transactional.settle(miss, () -> store(miss, value));
            if (!isDone) {
                // The transaction settles the miss, not the end of this call.
                misses().byKey().put(key, Optional.empty());
            }
        }
    }

    @Override
    TypedValue typed(Object value) {
        CachedType mine =
                type != null && type.holds(value) ? type : super.typed(value).type();
        return new TypedValue(value, mine, method.ttl(), invocation.tags(value));
    }

    @Override
    boolean isStorable() {
        invocation.begin();
        return !method.isRefused();
    }

    /** Takes no more leases. Those that it has end with a put, or by themselves. */
    void abandon() {
        hasEnded = true;
    }

    /**
     * Gives up the leases of the look-ups whose value was not put; the future completes when all puts are done.
     *
     * @param failure what the method has thrown, or null
     */
    CompletableFuture<Void> end(@Nullable Throwable failure) {
        hasEnded = true;
        Misses all = misses;
        if (all == null) {
            return CacheInvocation.ENDED;
        }
        for (Optional<CacheMiss<TypedValue>> miss : all.byKey().values()) {
            // A caller that is interrupted, perhaps while another cache is asked, says nothing of the source.
            if (failure == null || failure instanceof RedisInterruptedException) {
                miss.ifPresent(CacheMiss::close);
            } else {
                miss.ifPresent(left -> left.loadFailed(failure));
            }
        }
        return all.puts().isEmpty()
                ? CacheInvocation.ENDED
                : CompletableFuture.allOf(all.puts().toArray(CompletableFuture[]::new));
    }
}
