package dev.forge.redis.spring.cache;

import dev.forge.redis.cache.CacheLookup;
import dev.forge.redis.cache.CacheMiss;
import dev.forge.redis.cache.EntryOptions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cache during one {@link CacheInvocation}.
 *
 * <p>A look-up that misses takes the lease on its key, if no other caller has it. The put of that key after the method stores the
 * value under the lease, and only if nothing has invalidated the key since. Without the lease it stores nothing. A put
 * without a look-up, which is that of {@code @CachePut}, replaces what is there.
 */
final class InvocationCache extends SpringCache {

    private final CachedMethod method;
    private final @Nullable CachedType type;
    /** The look-ups that have missed; without a value there, what the method returns is not stored. */
    private final Map<String, Optional<CacheMiss<TypedValue>>> misses = new ConcurrentHashMap<>(2);

    private volatile boolean ended;

    InvocationCache(SpringCache cache, CachedMethod method) {
        super(cache);
        this.method = method;
        this.type = method.type() == null ? null : cache.types.add(method.type());
    }

    @Override
    @Nullable
    CacheLookup<TypedValue> lookup(String key) {
        return noted(key, method.isRefused() || isChangedHere(key) ? null : cache.lookup(key));
    }

    @Override
    CompletableFuture<@Nullable CacheLookup<TypedValue>> lookupAsync(String key) {
        // In a transaction the future may end on a thread that knows nothing of it, so the value is not stored.
        return transaction() != null || method.isRefused()
                ? super.lookupAsync(key).thenApply(found -> noted(key, found instanceof CacheMiss ? null : found))
                : widened(cache.lookupAsync(key)).thenApply(found -> noted(key, found));
    }

    private @Nullable CacheLookup<TypedValue> noted(String key, @Nullable CacheLookup<TypedValue> found) {
        if (found == null) {
            misses.put(key, Optional.empty());
        } else if (found instanceof CacheMiss<TypedValue> miss) {
            misses.put(key, Optional.of(miss));
            if (ended) {
                end();
            }
        }
        return found;
    }

    @Override
    void put(String key, @Nullable Object value) {
        Optional<CacheMiss<TypedValue>> miss = misses.remove(key);
        if (method.isRefused()) {
            return;
        }
        if (miss == null) {
            super.put(key, value);
        } else if (miss.isPresent()) {
            settle(miss.get(), value);
        }
    }

    @Override
    TypedValue typed(Object value) {
        return type != null && type.holds(value) ? new TypedValue(value, type) : super.typed(value);
    }

    @Override
    EntryOptions options() {
        return method.options();
    }

    /** Gives up the leases of the look-ups whose value was not put. */
    void end() {
        ended = true;
        misses.values().forEach(miss -> miss.ifPresent(CacheMiss::close));
        misses.clear();
    }
}
