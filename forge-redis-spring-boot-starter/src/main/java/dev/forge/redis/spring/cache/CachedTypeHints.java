package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.core.ResolvableType;

/**
 * Tells a native image what annotated methods cache, so that JSON can write and read it, and which records are keys.
 *
 * <p>The application itself has to register what a {@link CacheTypes} bean names or its code puts into a cache.
 */
final class CachedTypeHints implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(ForgeCacheManager.class, true, false).length == 0) {
            return null;
        }
        List<ResolvableType> values = new ArrayList<>();
        List<Class<?>> keys = new ArrayList<>();
        AnnotationCacheOperationSource operations = new AnnotationCacheOperationSource();
        CachedMethodScan.forEach(beans, operations, (method, bean, type) -> {
            if (stores(operations.getCacheOperations(method, type))) {
                Method specific = AopUtils.getMostSpecificMethod(method, type);
                values.add(CachedType.cachedBy(ResolvableType.forMethodReturnType(specific, type)));
                keys.addAll(List.of(specific.getParameterTypes()));
            }
        });
        return (generation, code) -> register(generation.getRuntimeHints().reflection(), values, keys);
    }

    private static boolean stores(@Nullable Collection<CacheOperation> operations) {
        return operations != null
                && operations.stream().anyMatch(operation -> !(operation instanceof CacheEvictOperation));
    }

    private static void register(ReflectionHints hints, List<ResolvableType> values, List<Class<?>> keys) {
        BindingReflectionHintsRegistrar types = new BindingReflectionHintsRegistrar();
        values.forEach(value -> types.registerReflectionHints(hints, value.getType()));
        keys.stream()
                .filter(Class::isRecord)
                .forEach(key -> hints.registerType(key, MemberCategory.INVOKE_PUBLIC_METHODS));
        // TextKeys reads the parameters of a key.
        hints.registerType(SimpleKey.class, MemberCategory.ACCESS_DECLARED_FIELDS);
    }
}
