package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.OverridingClassLoader;

class CachedMethodScanTest {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

    interface Animals {
        @Cacheable("animals")
        String animal(String name);
    }

    interface Birds extends Animals {
        @Cacheable("birds")
        String bird(String name);
    }

    static final class Absent {}

    static class Broken {
        @Cacheable("broken")
        public String read(String name) {
            return name;
        }

        public void take(Absent absent) {
            // its parameter cannot be loaded
        }
    }

    /** As where an optional library of the application is not there. */
    private static final class WithoutAbsent extends OverridingClassLoader {
        WithoutAbsent() {
            super(CachedMethodScanTest.class.getClassLoader());
        }

        @Override
        protected boolean isEligibleForOverriding(String className) {
            return Set.of(Broken.class.getName(), Absent.class.getName()).contains(className);
        }

        @Override
        protected @Nullable Class<?> loadClassForOverriding(String name) throws ClassNotFoundException {
            if (name.equals(Absent.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClassForOverriding(name);
        }
    }

    @Test
    void visitsAMethodOnceOfAProxyOfAnInterfaceAndTheOneThatThisExtends() {
        Class<?> proxy = proxyOf(Birds.class, Animals.class);
        beans.registerBeanDefinition("birds", new RootBeanDefinition(proxy));

        assertThat(visited()).containsExactlyInAnyOrder("animal", "bird");
    }

    @Test
    void passesOverAClassThatNamesAnAbsentOne() throws ClassNotFoundException {
        Class<?> broken = new WithoutAbsent().loadClass(Broken.class.getName());
        beans.registerBeanDefinition("broken", new RootBeanDefinition(broken));
        beans.registerBeanDefinition("birds", new RootBeanDefinition(proxyOf(Birds.class)));

        assertThat(visited()).containsExactlyInAnyOrder("animal", "bird");
    }

    private static Class<?> proxyOf(Class<?>... interfaces) {
        ProxyFactory proxies = new ProxyFactory(interfaces);
        proxies.setOpaque(true);
        MethodInterceptor call = invocation -> null;
        proxies.addAdvice(call);
        return proxies.getProxyClass(CachedMethodScanTest.class.getClassLoader());
    }

    private List<String> visited() {
        List<String> methods = new ArrayList<>();
        CachedMethodScan.forEach(
                beans, new AnnotationCacheOperationSource(), (method, bean, type) -> methods.add(method.getName()));
        return methods;
    }
}
