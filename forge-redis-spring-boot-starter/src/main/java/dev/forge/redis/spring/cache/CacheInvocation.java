package dev.forge.redis.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.aopalliance.intercept.Joinpoint;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.util.ClassUtils;

/**
 * One call of a method with cache annotations.
 *
 * <p>Spring asks the manager for the caches of each call before it looks anything up, on the thread of the caller, and
 * uses them until the put. So each call gets caches of its own, and these know which look-up a put belongs to, on
 * whatever thread it happens.
 */
final class CacheInvocation {

    /** The end of a call that has nothing to wait for. */
    static final CompletableFuture<Void> ENDED = CompletableFuture.completedFuture(null);

    private static final ThreadLocal<@Nullable CacheInvocation> CURRENT = new ThreadLocal<>();
    private static final boolean HAS_REACTOR =
            ClassUtils.isPresent("reactor.core.publisher.Flux", CacheInvocation.class.getClassLoader());

    private final CachedMethod method;
    private final @Nullable MethodCall call;
    private final List<InvocationCache> caches = new ArrayList<>(1);
    private volatile boolean hasBegun;

    /** @param call the call itself, or null if the method gives its values no tags */
    CacheInvocation(CachedMethod method, @Nullable MethodCall call) {
        this.method = method;
        this.call = call;
    }

    /** Returns the call of a cached method that runs on this thread, or null. */
    static @Nullable CacheInvocation current() {
        return CURRENT.get();
    }

    /**
     * Returns {@code cache} for this call. It is {@code cache} itself if the annotations of the method do not name it,
     * or if a cache of this call is in use already: then the method asks for it, not Spring.
     */
    SpringCache cache(SpringCache cache) {
        if (hasBegun || !method.mayUse(cache.getName())) {
            return cache;
        }
        InvocationCache mine = new InvocationCache(cache, this, method);
        caches.add(mine);
        return mine;
    }

    /** Returns the tags of {@code value}, which the method has returned. */
    List<String> tags(Object value) {
        return call == null ? List.of() : call.tags(method.tags(), value);
    }

    /** Notes that a cache of this call is in use. */
    void begin() {
        hasBegun = true;
    }

    /** Runs {@code call} as this invocation, which ends with it, or with the future or publisher that it returns. */
    @Nullable
    Object run(Joinpoint call) throws Throwable {
        CacheInvocation outer = CURRENT.get();
        CURRENT.set(this);
        Object result;
        try {
            result = call.proceed();
        } catch (Throwable failure) {
            end(failure);
            throw failure;
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
        if (result instanceof CompletableFuture<?> future) {
            return future.handle((value, failure) -> end(failure == null ? null : LoadFailed.reason(failure)))
                    .thenCompose(Function.identity())
                    .thenCompose(done -> future);
        }
        ReactiveAdapter adapter = adapterOf(result);
        if (adapter != null) {
            Runnable cancelled = adapter.isMultiValue() ? this::abandon : () -> end(null);
            return PublisherEnd.after(adapter, result, () -> end(null), this::end, cancelled);
        }
        end(null);
        return result;
    }

    /** Returns the adapter for {@code result}, or null if it is not a publisher. */
    static @Nullable ReactiveAdapter adapterOf(@Nullable Object result) {
        return HAS_REACTOR ? PublisherEnd.adapterOf(result) : null;
    }

    /** Leaves leases to the puts: Spring reads a Flux to its end for the cache, whatever part of it the caller wants. */
    private void abandon() {
        caches.forEach(InvocationCache::abandon);
    }

    /**
     * Gives up the leases of look-ups whose value was not put: because of {@code unless}, or an exception. The future
     * completes when all values are stored; it never fails.
     *
     * @param failure what the method has thrown, or null
     */
    private CompletableFuture<Void> end(@Nullable Throwable failure) {
        CompletableFuture<Void> all = ENDED;
        for (InvocationCache cache : caches) {
            CompletableFuture<Void> end = cache.end(failure);
            if (end != ENDED) {
                all = CompletableFuture.allOf(all, end);
            }
        }
        return all == ENDED ? ENDED : all.exceptionally(thrown -> null);
    }
}
