package dev.forge.redis.spring.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ForgeCacheMetersTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeCacheMetricsAutoConfiguration.class))
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
    void worksWithoutMicrometer() {
        application
                .withClassLoader(new FilteredClassLoader("io.micrometer.core"))
                .run(context -> assertThat(context).doesNotHaveBean("forgeCacheMeters"));
    }
}
