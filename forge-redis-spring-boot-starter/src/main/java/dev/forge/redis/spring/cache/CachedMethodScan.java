package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** Finds the methods of beans with cache annotations, and makes no bean. */
final class CachedMethodScan {

    private static final Logger LOG = LoggerFactory.getLogger(CachedMethodScan.class);

    private CachedMethodScan() {}

    /** Passes each method that has {@code operations} to {@code found}, with the class of its bean. */
    static void forEach(
            ConfigurableListableBeanFactory beans,
            CacheOperationSource operations,
            BiConsumer<Method, Class<?>> found) {
        for (String name : beans.getBeanDefinitionNames()) {
            Set<Method> methods;
            Class<?> type;
            try {
                Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
                if (target == null || !operations.isCandidateClass(target)) {
                    continue;
                }
                type = ClassUtils.getUserClass(target);
                methods = MethodIntrospector.selectMethods(
                        type, (MethodFilter) method -> operations.hasCacheOperations(method, type));
            } catch (BeansException | LinkageError e) {
                // A bean whose class, or that of a parameter, is not there: its methods are read when they are called.
                LOG.debug("The cached methods of the bean {} could not be read.", name, e);
                continue;
            }
            methods.forEach(method -> found.accept(method, type));
        }
    }
}
