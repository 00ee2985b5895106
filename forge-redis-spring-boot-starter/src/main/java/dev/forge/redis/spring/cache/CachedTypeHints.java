package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/**
 * Tells a native image what annotated methods cache, so that JSON can write and read it, and which records are keys.
 *
 * <p>What a {@link CacheTypes} bean names, or code puts into a cache, the application has to register itself.
 */
final class CachedTypeHints implements BeanFactoryInitializationAotProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(CachedTypeHints.class);

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        if (beans.getBeanNamesForType(ForgeCacheManager.class, true, false).length == 0) {
            return null;
        }
        List<ResolvableType> values = new ArrayList<>();
        List<Class<?>> keys = new ArrayList<>();
        AnnotationCacheOperationSource operations = new AnnotationCacheOperationSource();
        for (String name : beans.getBeanDefinitionNames()) {
            for (Map.Entry<Method, Class<?>> method :
                    storing(beans, name, operations).entrySet()) {
                ResolvableType returned = ResolvableType.forMethodReturnType(method.getKey(), method.getValue());
                values.add(CachedType.cachedBy(returned));
                keys.addAll(List.of(method.getKey().getParameterTypes()));
            }
        }
        return (generation, code) -> register(generation.getRuntimeHints().reflection(), values, keys);
    }

    /** Returns the methods of a bean that store something in a cache, with the class of the bean. */
    private static Map<Method, Class<?>> storing(
            ConfigurableListableBeanFactory beans, String name, CacheOperationSource operations) {
        Map<Method, Class<?>> found = new LinkedHashMap<>();
        try {
            Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
            if (target != null && operations.isCandidateClass(target)) {
                Class<?> type = ClassUtils.getUserClass(target);
                MethodIntrospector.selectMethods(
                                type, (MethodFilter) method -> stores(operations.getCacheOperations(method, type)))
                        .forEach(method -> found.put(AopUtils.getMostSpecificMethod(method, type), type));
            }
        } catch (BeansException | LinkageError e) {
            LOG.debug("The cached methods of the bean {} could not be read.", name, e);
        }
        return found;
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
