package dev.forge.redis.spring.cache;

import java.lang.reflect.Method;
import java.util.function.BiPredicate;
import org.springframework.aop.ClassFilter;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/**
 * The methods with some annotations.
 *
 * <p>Spring makes one proxy class for all contexts whose advisors have the same text, so that an application with many contexts,
 * such as its tests, does not fill memory with classes.
 */
final class AnnotatedMethods extends StaticMethodMatcherPointcut implements ClassFilter {

    private final String name;
    private final ClassFilter classes;
    private final BiPredicate<Method, Class<?>> methods;

    /** @param name the same for the same annotations, in every context */
    AnnotatedMethods(String name, ClassFilter classes, BiPredicate<Method, Class<?>> methods) {
        this.name = name;
        this.classes = classes;
        this.methods = methods;
        setClassFilter(this);
    }

    @Override
    public boolean matches(Class<?> type) {
        return classes.matches(type);
    }

    @Override
    public boolean matches(Method method, Class<?> target) {
        return methods.test(method, target);
    }

    @Override
    public String toString() {
        return AnnotatedMethods.class.getName() + ": " + name;
    }
}
