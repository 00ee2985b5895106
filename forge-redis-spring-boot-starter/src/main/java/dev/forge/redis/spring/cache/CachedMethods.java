package dev.forge.redis.spring.cache;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodClassKey;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.util.StringValueResolver;

/** The methods with cache annotations, and the types that they cache; each is looked at once. Thread-safe. */
public final class CachedMethods {

    private static final Logger LOG = LoggerFactory.getLogger(CachedMethods.class);

    private final CacheOperationSource operations;
    private final StringValueResolver placeholders;
    private final BooleanSupplier failOnUnsupported;
    private final Map<MethodClassKey, CachedMethod> methods = new ConcurrentHashMap<>();

    /** @param failOnUnsupported whether a method whose values cannot be cached is an error rather than a warning */
    CachedMethods(
            CacheOperationSource operations, StringValueResolver placeholders, BooleanSupplier failOnUnsupported) {
        this.operations = operations;
        this.placeholders = placeholders;
        this.failOnUnsupported = failOnUnsupported;
    }

    /** Returns whether a method of {@code type} may have cache annotations. */
    boolean mayBeIn(Class<?> type) {
        return operations.isCandidateClass(type);
    }

    boolean isCached(Method method, Class<?> target) {
        Collection<CacheOperation> found = operations.getCacheOperations(method, target);
        return found != null && !found.isEmpty();
    }

    /** Returns why the values of {@code method} cannot be cached, or null if they can be. */
    public @Nullable String refusal(Method method, Class<?> target) {
        return of(method, target).refusal();
    }

    /** Returns the TTL that {@link ForgeCache} gives the values of {@code method}, or null for that of the cache. */
    public @Nullable Duration ttl(Method method, Class<?> target) {
        return of(method, target).ttl();
    }

    /** Returns what is known of {@code method}, which is cached. */
    CachedMethod of(Method method, Class<?> target) {
        // The proxy of a Spring Data repository has no generic types; its interface has.
        Class<?> declared = Proxy.isProxyClass(target) ? interfaceOf(target, method) : target;
        return methods.computeIfAbsent(new MethodClassKey(method, declared), key -> read(method, declared));
    }

    private CachedMethod read(Method method, Class<?> target) {
        Collection<CacheOperation> found = operations.getCacheOperations(method, target);
        Set<String> names = new LinkedHashSet<>();
        boolean stores = false;
        boolean looksUp = false;
        boolean usesAny = false;
        for (CacheOperation operation : found == null ? Set.<CacheOperation>of() : found) {
            if (!mayBeOurs(operation)) {
                continue;
            }
            names.addAll(operation.getCacheNames());
            usesAny |= operation.getCacheNames().isEmpty();
            stores |= !(operation instanceof CacheEvictOperation);
            looksUp |= operation instanceof CacheableOperation;
        }
        Method specific = AopUtils.getMostSpecificMethod(method, target);
        ForgeCache options = AnnotatedElementUtils.findMergedAnnotation(specific, ForgeCache.class);
        CachedType type = null;
        String refusal = null;
        if (stores) {
            try {
                type = CachedType.of(CachedType.cachedBy(ResolvableType.forMethodReturnType(specific, target)));
            } catch (IllegalArgumentException e) {
                refusal = refused(specific, target, names, e);
            }
        }
        return new CachedMethod(
                type, refusal, names, usesAny, looksUp, ttl(specific, options), tags(specific, options));
    }

    /** Returns whether {@code operation} names no other cache manager. */
    private static boolean mayBeOurs(CacheOperation operation) {
        String manager = operation.getCacheManager();
        return manager == null || manager.isEmpty() || manager.equals(ForgeCacheManagerAutoConfiguration.MANAGER);
    }

    private static Class<?> interfaceOf(Class<?> proxy, Method method) {
        return Arrays.stream(proxy.getInterfaces())
                .filter(method.getDeclaringClass()::isAssignableFrom)
                .findFirst()
                .orElse(method.getDeclaringClass());
    }

    private String refused(Method method, Class<?> target, Set<String> caches, IllegalArgumentException cause) {
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(joining(", ", "(", ")"));
        String problem = "The values of " + target.getName() + "." + method.getName() + parameters
                + " are not cached in " + caches + ": " + cause.getMessage();
        if (failOnUnsupported.getAsBoolean()) {
            throw new IllegalStateException(problem, cause);
        }
        LOG.warn("{}. With forge.cache.unsupported-types=fail the application does not start.", problem);
        return problem;
    }

    private @Nullable Duration ttl(Method method, @Nullable ForgeCache options) {
        if (options == null || options.ttl().isEmpty()) {
            return null;
        }
        String text = String.valueOf(placeholders.resolveStringValue(options.ttl()));
        try {
            return CacheSettings.ttl(DurationStyle.detectAndParse(text, ChronoUnit.SECONDS));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the ttl in @ForgeCache of " + method + " must be a duration such as 5m, but was " + text, e);
        }
    }

    private List<Expression> tags(Method method, @Nullable ForgeCache options) {
        if (options == null) {
            return List.of();
        }
        try {
            return MethodCall.templates(options.tags(), placeholders);
        } catch (ParseException e) {
            throw new IllegalStateException(
                    "the tags in @ForgeCache of " + method + " cannot be used: " + e.getMessage(), e);
        }
    }
}
