package dev.forge.redis.spring.cache.report;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** The beans that have methods with cache annotations, of any visibility: what Spring's own proxies do not see too. */
final class AnnotatedBeans {

    private static final AnnotationCacheOperationSource ALL = new AnnotationCacheOperationSource(false);

    private AnnotatedBeans() {}

    /** A method, and the caches that its annotations name. */
    record Operation(Method method, Set<String> caches) {}

    /**
     * Receives the bean, unless it has not been made or is that of a factory; its class, or an interface if a proxy has no class
     * of its own; and its methods with cache annotations.
     */
    interface Visitor {
        void visit(@Nullable Object bean, Class<?> type, List<Operation> methods);
    }

    static void forEach(ConfigurableListableBeanFactory beans, Visitor visitor) {
        for (String name : beans.getBeanDefinitionNames()) {
            for (Class<?> type : types(beans, name)) {
                List<Operation> methods = methods(type);
                if (!methods.isEmpty()) {
                    visitor.visit(made(beans, name), type, methods);
                }
            }
        }
    }

    /** Returns the bean, or null: a factory stands in the place of its bean, and may not have made it. */
    private static @Nullable Object made(ConfigurableListableBeanFactory beans, String name) {
        Object bean = beans.getSingleton(name);
        return bean instanceof FactoryBean ? null : bean;
    }

    /** Returns the class, or the interfaces of a proxy without one, such as a repository of Spring Data. */
    private static List<Class<?>> types(ConfigurableListableBeanFactory beans, String name) {
        Class<?> type = type(beans, name);
        if (type == null) {
            return List.of();
        }
        return Proxy.isProxyClass(type) ? List.of(type.getInterfaces()) : List.of(type);
    }

    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String name) {
        try {
            Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
            return target == null ? null : ClassUtils.getUserClass(target);
        } catch (BeansException | LinkageError e) {
            // Its class, or that of a parameter, is not there.
            return null;
        }
    }

    private static List<Operation> methods(Class<?> type) {
        if (!ALL.isCandidateClass(type)) {
            return List.of();
        }
        try {
            return MethodIntrospector.selectMethods(type, (MethodFilter)
                            method -> !operations(method, type).isEmpty())
                    .stream()
                    .map(method -> new Operation(method, caches(operations(method, type))))
                    .toList();
        } catch (LinkageError e) {
            return List.of();
        }
    }

    private static Collection<CacheOperation> operations(Method method, Class<?> type) {
        Collection<CacheOperation> found = ALL.getCacheOperations(method, type);
        return found == null ? List.of() : found;
    }

    private static Set<String> caches(Collection<CacheOperation> operations) {
        Set<String> names = new TreeSet<>();
        operations.forEach(operation -> names.addAll(operation.getCacheNames()));
        return names;
    }
}
