package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** Finds the methods of beans with cache annotations, without creating any bean. */
public final class CachedMethodScan {

    private static final Logger LOG = LoggerFactory.getLogger(CachedMethodScan.class);

    private CachedMethodScan() {}

    /**
     * Receives a method, the name of its bean, and the class of the bean, or an interface if a proxy has no class of its own.
     */
    public interface Visitor {
        void visit(Method method, String bean, Class<?> type);
    }

    /** Passes each method that has {@code operations} to {@code visitor}. */
    public static void forEach(
            ConfigurableListableBeanFactory beans, CacheOperationSource operations, Visitor visitor) {
        for (String name : beans.getBeanDefinitionNames()) {
            for (Class<?> type : types(beans, name)) {
                methods(type, operations).forEach(method -> visitor.visit(method, name, type));
            }
        }
    }

    /** Returns the class of a bean, or the interfaces of a proxy without one, such as a repository of Spring Data. */
    private static List<Class<?>> types(ConfigurableListableBeanFactory beans, String name) {
        try {
            Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
            if (target == null) {
                return List.of();
            }
            return Proxy.isProxyClass(target)
                    ? mostSpecific(target.getInterfaces())
                    : List.of(ClassUtils.getUserClass(target));
        } catch (BeansException | LinkageError e) {
            logUnread(name, e);
            return List.of();
        }
    }

    /** Leaves out interfaces that another one extends, because that one has all their methods. */
    private static List<Class<?>> mostSpecific(Class<?>[] interfaces) {
        return Arrays.stream(interfaces)
                .filter(type ->
                        Arrays.stream(interfaces).noneMatch(other -> other != type && type.isAssignableFrom(other)))
                .toList();
    }

    private static Set<Method> methods(Class<?> type, CacheOperationSource operations) {
        MethodFilter cached = method -> operations.hasCacheOperations(method, type);
        try {
            return operations.isCandidateClass(type) ? MethodIntrospector.selectMethods(type, cached) : Set.of();
        } catch (IllegalStateException e) {
            // Spring wraps the error of an absent class; anything else is a mistake in an annotation.
            if (!(e.getCause() instanceof LinkageError)) {
                throw e;
            }
            logUnread(type.getName(), e);
            return Set.of();
        } catch (LinkageError e) {
            logUnread(type.getName(), e);
            return Set.of();
        }
    }

    private static void logUnread(String name, Throwable failure) {
        // The class of the bean or of a parameter is absent: the methods are read when they are called.
        LOG.debug("The cached methods of {} could not be read.", name, failure);
    }
}
