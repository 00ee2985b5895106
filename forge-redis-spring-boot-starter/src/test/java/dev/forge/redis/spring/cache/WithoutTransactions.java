package dev.forge.redis.spring.cache;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.util.ClassUtils;

/** An application that runs in a class loader without spring-tx. */
public final class WithoutTransactions {

    private WithoutTransactions() {}

    /** Returns how often the method ran that was called, evicted, and called again twice. */
    public static int calls(String url) {
        if (ClassUtils.isPresent("org.springframework.transaction.PlatformTransactionManager", null)) {
            throw new IllegalStateException("spring-tx is there");
        }
        try (AnnotationConfigApplicationContext context =
                CachingContext.start(ForgeCacheManagerTest.Application.class, url)) {
            ForgeCacheManagerTest.Library library = context.getBean(ForgeCacheManagerTest.Library.class);
            library.book(1);
            library.evict(1);
            library.book(1);
            library.book(1);
            return library.calls();
        }
    }
}
