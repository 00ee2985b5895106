package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** Looks at all methods with cache annotations when the application starts, so that what cannot be cached is known then. */
record CachedMethodScan(ConfigurableListableBeanFactory beans, CachedMethods methods, ForgeCacheManager manager)
        implements SmartInitializingSingleton {

    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && !type.isPrimitive() && !ClassUtils.isJavaLanguageInterface(type)) {
                look(ClassUtils.getUserClass(type));
            }
        }
    }

    private void look(Class<?> type) {
        for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type, ReflectionUtils.USER_DECLARED_METHODS)) {
            if (methods.isCached(method, type)) {
                CachedMethod known = methods.of(method, type);
                if (known.type() != null) {
                    known.names().forEach(cache -> manager.addType(cache, known.type()));
                }
            }
        }
    }
}
