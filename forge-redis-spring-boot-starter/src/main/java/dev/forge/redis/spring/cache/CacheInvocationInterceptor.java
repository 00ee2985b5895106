package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AbstractGenericPointcutAdvisor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/** Makes a {@link CacheInvocation} of each call of a method with cache annotations, around Spring's own advice. */
final class CacheInvocationInterceptor implements MethodInterceptor {

    private final CachedMethods methods;

    private CacheInvocationInterceptor(CachedMethods methods) {
        this.methods = methods;
    }

    /** @param order less than the order of Spring's advice */
    static AbstractGenericPointcutAdvisor advisor(CachedMethods methods, int order) {
        StaticMethodMatcherPointcut cached = new StaticMethodMatcherPointcut() {
            @Override
            public boolean matches(Method method, Class<?> target) {
                return methods.isCached(method, target);
            }
        };
        cached.setClassFilter(methods::mayBeIn);
        DefaultPointcutAdvisor advisor = new DefaultPointcutAdvisor(cached, new CacheInvocationInterceptor(methods));
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
