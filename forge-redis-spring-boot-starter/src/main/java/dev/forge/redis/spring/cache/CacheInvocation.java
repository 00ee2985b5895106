package dev.forge.redis.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One call of a method with cache annotations.
 *
 * <p>Spring asks the manager for the caches of each call before it looks anything up, on the thread of the caller, and uses them
 * until the put. So each call gets caches of its own, and these know which look-up a put belongs to, on whatever thread
 * it happens.
 */
final class CacheInvocation {

    private static final ThreadLocal<@Nullable CacheInvocation> CURRENT = new ThreadLocal<>();

    private final CachedMethod method;
    private final List<InvocationCache> caches = new ArrayList<>(1);

    CacheInvocation(CachedMethod method) {
        this.method = method;
    }

    /** A call that may throw anything. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object proceed() throws Throwable;
    }

    /** Returns the call of a cached method that runs on this thread, or null. */
    static @Nullable CacheInvocation current() {
        return CURRENT.get();
    }

    /** Returns {@code cache} for this call, or itself if the annotations of the method do not name it. */
    SpringCache cache(SpringCache cache) {
        if (!method.mayUse(cache.getName())) {
            return cache;
        }
        InvocationCache mine = new InvocationCache(cache, method);
        caches.add(mine);
        return mine;
    }

    /** Runs {@code call} as this invocation, which ends with it, or with the future or publisher that it returns. */
    @Nullable
    Object run(Call call) throws Throwable {
        CacheInvocation outer = CURRENT.get();
        CURRENT.set(this);
        Object result;
        try {
            result = call.proceed();
        } catch (Throwable failure) {
            end();
            throw failure;
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
        if (result instanceof CompletionStage<?> stage) {
            return stage.whenComplete((value, failure) -> end());
        }
        ReactiveAdapter adapter = result instanceof Publisher<?>
                ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(result.getClass())
                : null;
        if (adapter != null) {
            Publisher<?> publisher = adapter.toPublisher(result);
            return adapter.fromPublisher(
                    adapter.isMultiValue()
                            ? Flux.from(publisher).doFinally(signal -> end())
                            : Mono.from(publisher).doFinally(signal -> end()));
        }
        end();
        return result;
    }

    /** Gives up the leases of look-ups whose value was not put: because of {@code unless}, or an exception. */
    private void end() {
        caches.forEach(InvocationCache::end);
    }
}
