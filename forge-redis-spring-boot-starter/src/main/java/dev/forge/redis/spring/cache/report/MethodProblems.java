package dev.forge.redis.spring.cache.report;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.Advised;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.util.ClassUtils;

/** Finds why the proxy of a bean does not see calls of a method, so that its cache annotations do nothing. */
final class MethodProblems {

    private static final Logger LOG = LoggerFactory.getLogger(MethodProblems.class);

    private MethodProblems() {}

    /** @param bean the bean, or null if it has not been made */
    static List<String> of(@Nullable Object bean, Class<?> type, Method method) {
        List<String> problems = new ArrayList<>();
        int modifiers = method.getModifiers();
        if (Modifier.isStatic(modifiers)) {
            problems.add("It is static: a proxy does not see the call.");
        } else if (Modifier.isPrivate(modifiers)) {
            problems.add("It is private: a proxy does not see the call.");
        } else if (Modifier.isFinal(modifiers) && !isOfInterface(type, method)) {
            problems.add("It is final: a proxy cannot override it, and it runs on the proxy, without its fields.");
        } else if (Modifier.isFinal(type.getModifiers()) && bean != null && !isAdvised(bean)) {
            problems.add("Its class is final: there can be no proxy.");
        } else if (bean != null && !isAdvised(bean)) {
            problems.add("The bean has no proxy for caching: perhaps it was made too early, for a BeanPostProcessor.");
        }
        Set<String> callers = callersIn(type, method);
        if (!callers.isEmpty()) {
            problems.add("It is called in its own class, by " + String.join(", ", callers)
                    + ": such a call does not pass the proxy, unless it is made on an injected bean.");
        }
        return problems;
    }

    private static boolean isOfInterface(Class<?> type, Method method) {
        return ClassUtils.getAllInterfacesForClassAsSet(type).stream()
                .anyMatch(each -> ClassUtils.hasMethod(each, method.getName(), method.getParameterTypes()));
    }

    private static boolean isAdvised(Object bean) {
        return bean instanceof Advised advised
                && Arrays.stream(advised.getAdvisors())
                        .anyMatch(BeanFactoryCacheOperationSourceAdvisor.class::isInstance);
    }

    /** Returns the methods of {@code type} and its superclasses that call {@code method} by their byte code. */
    private static Set<String> callersIn(Class<?> type, Method method) {
        Set<String> callers = new TreeSet<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            try (InputStream bytes = each.getResourceAsStream(ClassUtils.getClassFileName(each))) {
                if (bytes != null) {
                    new ClassReader(bytes).accept(new Calls(type, method, callers), ClassReader.SKIP_DEBUG);
                }
            } catch (IOException | IllegalArgumentException e) {
                LOG.debug("The byte code of {} cannot be read, so nothing is known of its calls.", each, e);
            }
        }
        return callers;
    }

    /** Notes which methods of a class call a method of that class or its superclasses. */
    private static final class Calls extends ClassVisitor {
        private final Class<?> type;
        private final Method method;
        private final Set<String> callers;

        Calls(Class<?> type, Method method, Set<String> callers) {
            super(SpringAsmInfo.ASM_VERSION);
            this.type = type;
            this.method = method;
            this.callers = callers;
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String name, String descriptor, @Nullable String signature, String @Nullable [] thrown) {
            return new MethodVisitor(SpringAsmInfo.ASM_VERSION) {
                @Override
                public void visitMethodInsn(int opcode, String owner, String called, String type, boolean isInterface) {
                    if (called.equals(method.getName())
                            && type.equals(Type.getMethodDescriptor(method))
                            && isOwn(owner)
                            && !(name.equals(called) && descriptor.equals(type))) {
                        callers.add(caller(name));
                    }
                }
            };
        }

        private boolean isOwn(String owner) {
            for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
                if (Type.getInternalName(each).equals(owner)) {
                    return true;
                }
            }
            return false;
        }

        /** Returns the method that contains a lambda. */
        private static String caller(String name) {
            return name.startsWith("lambda$") ? name.substring("lambda$".length(), name.lastIndexOf('$')) : name;
        }
    }
}
