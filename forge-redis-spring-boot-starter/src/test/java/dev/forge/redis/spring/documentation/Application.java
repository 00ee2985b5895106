package dev.forge.redis.spring.documentation;

import dev.forge.redis.spring.connection.RedisSettingsCustomizer;
import dev.forge.redis.test.EmbeddedRedis;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The application of the page. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Application {
    @Bean
    RedisSettingsCustomizer keysOfThisService() {
        return settings -> settings.keyPrefix("shop:").poolSize(3);
    }

    /** A server with options, for tests that import this. */
    static final class WithOptions {
        @Bean
        EmbeddedRedis redis() {
            return EmbeddedRedis.builder()
                    .option("maxmemory", "10mb")
                    .password("secret")
                    .start();
        }
    }
}
