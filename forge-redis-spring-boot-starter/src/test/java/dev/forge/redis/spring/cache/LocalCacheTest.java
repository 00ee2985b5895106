package dev.forge.redis.spring.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A local manager beside Forge's, and methods that ask both. */
class LocalCacheTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Application {
        @Bean(defaultCandidate = false)
        CacheManager local() {
            return new CaffeineCacheManager();
        }

        @Bean
        Books books() {
            return new Books();
        }
    }

    static class Books {
        private final AtomicInteger calls = new AtomicInteger();

        public int calls() {
            return calls.get();
        }

        @Caching(
                cacheable = {
                    @Cacheable(cacheNames = "books", cacheManager = "local"),
                    @Cacheable(cacheNames = "books", cacheManager = "cacheManager")
                })
        public String book(long id) {
            return "Title " + calls.incrementAndGet();
        }

        @Cacheable("others")
        public String other(long id) {
            return "Title " + calls.incrementAndGet();
        }
    }

    @Test
    void asksTheLocalCacheAndThenRedisAndStoresInBoth() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ForgeRedisAutoConfiguration.class,
                        ForgeCacheManagerAutoConfiguration.class,
                        CacheAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .run(context -> {
                    Books books = context.getBean(Books.class);
                    CacheManager local = context.getBean("local", CacheManager.class);
                    CacheManager forge = context.getBean(ForgeCacheManager.class);

                    assertThat(books.book(1)).isEqualTo("Title 1");
                    assertThat(inCache(local, 1)).isEqualTo("Title 1");
                    assertThat(inCache(forge, 1)).isEqualTo("Title 1");

                    requireNonNull(forge.getCache("books")).clear();
                    assertThat(books.book(1)).isEqualTo("Title 1");
                    requireNonNull(forge.getCache("books")).put(1L, "Redis");
                    requireNonNull(local.getCache("books")).clear();
                    assertThat(books.book(1)).isEqualTo("Redis");
                    assertThat(books.calls()).isEqualTo(1);

                    books.other(1);
                    assertThat(SERVER.server().command("EXISTS", "others::1")).isEqualTo("1");
                });
    }

    private static Object inCache(CacheManager caches, long id) {
        return requireNonNull(
                requireNonNull(requireNonNull(caches.getCache("books")).get(id)).get());
    }
}
