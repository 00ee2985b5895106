package dev.forge.redis.spring.ratelimit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.ReflectionUtils.MethodFilter;

/** Finds the classes of beans with {@link RateLimit}. */
final class LimitedBeans {

    private LimitedBeans() {}

    /** Returns the names of the annotated classes of {@code beans} that pass {@code filter}. */
    static Set<String> in(ConfigurableListableBeanFactory beans, Predicate<Class<?>> filter) {
        Set<String> limited = new TreeSet<>();
        for (String name : beans.getBeanDefinitionNames()) {
            // The target of a scoped proxy is the same bean.
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : classOf(beans, name);
            if (type != null && isLimited(type) && filter.test(type)) {
                limited.add(type.getName());
            }
        }
        return limited;
    }

    /** Returns the class that an application has written for a bean, or null if there is none. */
    static @Nullable Class<?> classOf(ConfigurableListableBeanFactory beans, String name) {
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            return type == null ? null : ClassUtils.getUserClass(type);
        } catch (BeansException | LinkageError e) {
            // A bean that is made later, or never.
            return null;
        }
    }

    private static boolean isLimited(Class<?> type) {
        // A client of a service may share the interface, and so the annotations, of its controller.
        boolean isOwn = !type.isInterface() && !Proxy.isProxyClass(type);
        if (!isOwn || type.getName().startsWith("org.springframework.")) {
            return false;
        }
        try {
            return AnnotatedElementUtils.hasAnnotation(type, Controller.class)
                    ? isLimitedController(type)
                    : isAnnotatedItself(type);
        } catch (IllegalStateException | LinkageError e) {
            // A method names a class that is absent.
            return false;
        }
    }

    /**
     * Ignores the annotations of interfaces, even where they are repeated: Mockito repeats them in the classes that it
     * makes.
     */
    private static boolean isAnnotatedItself(Class<?> type) {
        boolean hasOwn = isAnnotated(type)
                && ClassUtils.getAllInterfacesForClassAsSet(type).stream().noneMatch(LimitedBeans::isAnnotated);
        return hasOwn
                || Arrays.stream(ReflectionUtils.getAllDeclaredMethods(type))
                        .filter(method -> !isOfInterface(method, type))
                        .anyMatch(LimitedBeans::isAnnotated);
    }

    private static boolean isOfInterface(Method method, Class<?> type) {
        Method declared = ClassUtils.getInterfaceMethodIfPossible(method, type);
        return declared.getDeclaringClass().isInterface() && (declared.equals(method) || isAnnotated(declared));
    }

    private static boolean isAnnotated(AnnotatedElement element) {
        return AnnotatedElementUtils.isAnnotated(element, RateLimit.class);
    }

    private static boolean isLimitedController(Class<?> type) {
        MethodFilter limited = method -> AnnotatedElementUtils.hasAnnotation(method, RateLimit.class);
        return AnnotatedElementUtils.hasAnnotation(type, RateLimit.class)
                || !MethodIntrospector.selectMethods(type, limited).isEmpty();
    }
}
