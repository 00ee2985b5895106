package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Applications with Forge's cache manager. */
final class CachingContext {

    private CachingContext() {}

    /** Returns a runner of {@code application} with the Redis at {@code url}. */
    static ApplicationContextRunner runner(Class<?> application, String url) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ForgeRedisAutoConfiguration.class, ForgeCacheManagerAutoConfiguration.class))
                .withUserConfiguration(application)
                .withPropertyValues("forge.redis.connection-url=" + url);
    }

    /** Returns the context of {@code application}, which has not been refreshed yet. */
    static AnnotationConfigApplicationContext of(Class<?> application, Map<String, Object> properties) {
        AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
        context.register(application, ForgeRedisAutoConfiguration.class, ForgeCacheManagerAutoConfiguration.class);
        return context;
    }

    /** Returns the context of {@code application} with the Redis at {@code url}, started. */
    static AnnotationConfigApplicationContext start(Class<?> application, String url) {
        AnnotationConfigApplicationContext context = of(application, Map.of("forge.redis.connection-url", url));
        context.refresh();
        return context;
    }

    /** Returns the cache behind Spring's cache {@code name}. */
    static Cache<TypedValue> cache(BeanFactory context, String name) {
        return ((SpringCache)
                        requireNonNull(context.getBean(ForgeCacheManager.class).getCache(name)))
                .cache;
    }
}
