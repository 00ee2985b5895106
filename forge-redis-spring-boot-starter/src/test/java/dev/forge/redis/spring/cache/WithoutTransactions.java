package dev.forge.redis.spring.cache;

import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import java.util.Map;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

/** An application that runs in a class loader without spring-tx. */
public final class WithoutTransactions {

    private WithoutTransactions() {}

    /** Returns how often the method ran that was called, evicted, and called again twice. */
    public static int calls(String url) {
        if (ClassUtils.isPresent("org.springframework.transaction.PlatformTransactionManager", null)) {
            throw new IllegalStateException("spring-tx is there");
        }
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", Map.of("forge.redis.connection-url", url)));
            context.register(
                    ForgeCacheManagerTest.Application.class,
                    ForgeRedisAutoConfiguration.class,
                    ForgeCacheManagerAutoConfiguration.class);
            context.refresh();
            ForgeCacheManagerTest.Library library = context.getBean(ForgeCacheManagerTest.Library.class);
            library.book(1);
            library.evict(1);
            library.book(1);
            library.book(1);
            return library.calls();
        }
    }
}
