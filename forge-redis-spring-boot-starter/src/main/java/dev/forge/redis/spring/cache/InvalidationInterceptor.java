package dev.forge.redis.spring.cache;

import dev.forge.redis.spring.cache.MethodInvalidations.Change;
import dev.forge.redis.spring.cache.MethodInvalidations.Invalidation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AbstractGenericPointcutAdvisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.core.ReactiveAdapter;
import org.springframework.util.function.SingletonSupplier;

/** Invalidates after calls of methods with {@link InvalidateTag} or {@link InvalidateMatching}. */
final class InvalidationInterceptor implements MethodInterceptor {

    private final MethodInvalidations methods;
    private final Supplier<ForgeCacheManager> manager;
    private final Supplier<CacheErrorHandler> errors;

    private InvalidationInterceptor(
            MethodInvalidations methods, Supplier<ForgeCacheManager> manager, Supplier<CacheErrorHandler> errors) {
        this.methods = methods;
        this.manager = manager;
        this.errors = errors;
    }

    static AbstractGenericPointcutAdvisor advisor(
            MethodInvalidations methods, Supplier<ForgeCacheManager> manager, Supplier<CacheErrorHandler> errors) {
        return new DefaultPointcutAdvisor(
                new AnnotatedMethods(
                        "invalidating",
                        methods::mayBeIn,
                        (method, target) -> !methods.of(method, target).isEmpty()),
                new InvalidationInterceptor(methods, manager, errors));
    }

    /** An invalidation, and its caches as seen by the transaction in which the call began. */
    private record Target(Invalidation invalidation, List<SpringCache> caches) {}

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Class<?> type = MethodCall.targetOf(invocation);
        List<Target> all = methods.of(invocation.getMethod(), type).stream()
                .map(this::target)
                .toList();
        MethodCall call = MethodCall.of(invocation, type);
        Object result = invocation.proceed();
        if (result instanceof CompletableFuture<?> future) {
            return future.thenCompose(value -> invalidateAsync(all, call, value).thenApply(done -> value));
        }
        ReactiveAdapter adapter = CacheInvocation.adapterOf(result);
        if (adapter != null) {
            // What a publisher emits is not known to the expressions. One that is cancelled may have made its change.
            SingletonSupplier<CompletableFuture<Void>> once =
                    SingletonSupplier.of(() -> invalidateAsync(all, call, null));
            return PublisherEnd.after(adapter, result, once::obtain, failure -> {}, once::obtain);
        }
        for (Target each : all) {
            List<Change> changes = each.invalidation().of(call, result);
            each.caches().forEach(cache -> changes.forEach(change -> run(cache, change)));
        }
        return result;
    }

    private void run(SpringCache cache, Change change) {
        try {
            change.now().accept(cache);
        } catch (RuntimeException e) {
            errors.get().handleCacheClearError(e, cache);
        }
    }

    private CompletableFuture<Void> invalidateAsync(List<Target> all, MethodCall call, @Nullable Object result) {
        List<CompletableFuture<?>> done = new ArrayList<>();
        for (Target each : all) {
            List<Change> changes = each.invalidation().of(call, result);
            each.caches().forEach(cache -> changes.forEach(change -> done.add(begun(cache, change))));
        }
        return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<?> begun(SpringCache cache, Change change) {
        return change.async().apply(cache).handle((value, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                errors.get()
                        .handleCacheClearError(
                                cause instanceof RuntimeException e ? e : new CompletionException(cause), cache);
            }
            return null;
        });
    }

    private Target target(Invalidation invalidation) {
        return new Target(
                invalidation,
                invalidation.caches().stream()
                        .map(name -> new SpringCache(cache(name)))
                        .toList());
    }

    private SpringCache cache(String name) {
        SpringCache cache = manager.get().known(name);
        if (cache == null) {
            throw new IllegalArgumentException(
                    "there is no cache " + name + ", because spring.cache.cache-names leaves it out");
        }
        return cache;
    }
}
