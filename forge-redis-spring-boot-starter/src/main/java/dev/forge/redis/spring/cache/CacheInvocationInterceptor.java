package dev.forge.redis.spring.cache;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AbstractGenericPointcutAdvisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;

/** Makes a {@link CacheInvocation} of each call of a method with cache annotations, around Spring's own advice. */
final class CacheInvocationInterceptor implements MethodInterceptor {

    private final CachedMethods methods;

    private CacheInvocationInterceptor(CachedMethods methods) {
        this.methods = methods;
    }

    /** @param order less than the order of Spring's advice */
    static AbstractGenericPointcutAdvisor advisor(CachedMethods methods, int order) {
        DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(
                new AnnotatedMethods("cached", methods::mayBeIn, methods::isCached),
                new CacheInvocationInterceptor(methods));
        advisor.setOrder(order);
        return advisor;
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        Class<?> type = MethodCall.targetOf(invocation);
        CachedMethod method = methods.of(invocation.getMethod(), type);
        MethodCall call = method.tags().isEmpty() ? null : MethodCall.of(invocation, type);
        return new CacheInvocation(method, call).run(invocation);
    }
}
