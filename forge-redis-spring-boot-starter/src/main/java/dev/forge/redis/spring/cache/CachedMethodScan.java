package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** Reads all methods with cache annotations when the application starts, so that what cannot be cached is known then. */
record CachedMethodScan(ConfigurableListableBeanFactory beans, CachedMethods methods, ForgeCacheManager manager)
        implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(CachedMethodScan.class);

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanDefinitionNames()) {
            Set<Method> cached;
            Class<?> type;
            try {
                Class<?> target = AutoProxyUtils.determineTargetClass(beans, name);
                if (target == null) {
                    continue;
                }
                type = ClassUtils.getUserClass(target);
                cached = cachedIn(type);
            } catch (BeansException | LinkageError e) {
                // A bean whose class, or that of a parameter, is not there: its methods are read when they are called.
                LOG.debug("The cached methods of the bean {} could not be read.", name, e);
                continue;
            }
            cached.forEach(method -> read(method, type));
        }
    }

    private Set<Method> cachedIn(Class<?> type) {
        return methods.mayBeIn(type)
                ? MethodIntrospector.selectMethods(type, (MethodFilter) method -> methods.isCached(method, type))
                : Set.of();
    }

    private void read(Method method, Class<?> type) {
        CachedMethod known = methods.of(method, type);
        known.names().forEach(cache -> manager.add(cache, known));
    }
}
