package dev.forge.redis.spring.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ForgeCacheMetersTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeObserveAutoConfiguration.class))
            .withUserConfiguration(Caches.class)
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    @Configuration(proxyBeanMethods = false)
    static class Caches {
        @Bean
        Cache<String> names(RedisManager redis) {
            return Cache.builder(redis, "names", String.class).build();
        }
    }

    @Test
    void hasMetersForEveryCacheBean() {
        application.run(context -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(ForgeCacheMeters.class).bindTo(registry);
            @SuppressWarnings("unchecked") // the only one there is
            Cache<String> names = context.getBean(Cache.class);

            names.get("1", key -> Optional.of("Ada"));
            names.get("1", key -> Optional.of("Ada"));

            assertThat(registry.get("forge.cache.gets")
                            .tags("cache", "names", "result", "miss")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("forge.cache.gets")
                            .tags("cache", "names", "result", "hit")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("forge.cache.load")
                            .tag("cache", "names")
                            .functionTimer()
                            .count())
                    .isEqualTo(1);
        });
    }

    @Test
    void hasTheMetersOfSpringBootToo() {
        application.run(context -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(ForgeCacheMeters.class).bindTo(registry);
            @SuppressWarnings("unchecked") // the only one there is
            Cache<String> names = context.getBean(Cache.class);

            for (int i = 0; i < 3; i++) {
                names.get("standard", key -> Optional.of("Ada"));
            }
            names.put("put", "Bob");
            names.invalidate("standard", "absent");

            assertThat(count(registry, "cache.gets", "none", "result", "miss")).isEqualTo(1);
            assertThat(count(registry, "cache.gets", "none", "result", "hit")).isEqualTo(2);
            assertThat(count(registry, "cache.puts", "none")).isEqualTo(2);
            assertThat(count(registry, "cache.removals", "none")).isEqualTo(1);
        });
    }

    @Test
    void hasMetersForTheCachesOfTheManagerAlsoForThoseMadeLater() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ForgeRedisAutoConfiguration.class,
                        ForgeCacheManagerAutoConfiguration.class,
                        ForgeObserveAutoConfiguration.class))
                .withUserConfiguration(Caching.class)
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .run(context -> {
                    CacheManager manager = context.getBean(CacheManager.class);
                    manager.getCache("early");
                    SimpleMeterRegistry registry = new SimpleMeterRegistry();
                    context.getBean("forgeManagedCacheMeters", MeterBinder.class)
                            .bindTo(registry);

                    requireNonNull(manager.getCache("late")).put("1", "Ada");
                    requireNonNull(manager.getCache("late")).get("1");
                    requireNonNull(manager.getCache("early")).get("absent");

                    assertThat(registry.get("cache.gets")
                                    .tags("cache", "late", "cache.manager", "cacheManager", "result", "hit")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(registry.get("forge.cache.gets")
                                    .tags("cache", "early", "result", "miss")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    @Test
    void hasMetersForACacheThatIsOnlyInjectedByItsName() {
        application.withUserConfiguration(NamedCache.class).run(context -> {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            context.getBean(ForgeCacheMeters.class).bindTo(registry);

            assertThat(registry.find("forge.cache.load").tag("cache", "titles").functionTimer())
                    .isNotNull();
        });
    }

    @Configuration(proxyBeanMethods = false)
    static class NamedCache {
        @Bean(defaultCandidate = false)
        Cache<String> titles(RedisManager redis) {
            return Cache.builder(redis, "titles", String.class).build();
        }
    }

    private static double count(SimpleMeterRegistry registry, String meter, String manager, String... more) {
        return registry.get(meter)
                .tags("cache", "names", "name", "names", "cache.manager", manager)
                .tags(more)
                .functionCounter()
                .count();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    static class Caching {}

    @Test
    void worksWithoutMicrometer() {
        application
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context).doesNotHaveBean("forgeCacheMeters"));
    }
}
