package dev.forge.redis.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.RedisExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application with many contexts, such as its tests, needs one proxy class for a bean, and not one for each context. */
class ProxyClassesTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Configuration(proxyBeanMethods = false)
    @EnableCaching(proxyTargetClass = true)
    static class Application {
        @Bean
        Books books() {
            return new Books();
        }
    }

    static class Books {
        @Cacheable("titles")
        public String title(long id) {
            return "Title " + id;
        }

        @InvalidateTag(value = "all", cacheNames = "titles")
        public void changed() {}
    }

    private static Class<?> proxyClass() {
        try (AnnotationConfigApplicationContext context = CachingContext.start(Application.class, SERVER.url())) {
            Books books = context.getBean(Books.class);
            assertThat(AopUtils.isCglibProxy(books)).isTrue();
            return books.getClass();
        }
    }

    @Test
    void contextsShareTheClassesOfProxies() {
        assertThat(proxyClass()).isSameAs(proxyClass());
    }
}
