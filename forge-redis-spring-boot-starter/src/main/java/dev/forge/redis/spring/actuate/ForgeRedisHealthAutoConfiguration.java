package dev.forge.redis.spring.actuate;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds the health indicator {@code forgeRedis}; {@code management.health.forgeRedis.enabled=false} removes it. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(RedisManager.class)
public final class ForgeRedisHealthAutoConfiguration {

    /** A class of its own, because its condition is itself a class that may be absent. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnEnabledHealthIndicator("forgeRedis")
    static final class Indicator {

        @Bean
        @ConditionalOnMissingBean(name = "forgeRedisHealthIndicator")
        HealthIndicator forgeRedisHealthIndicator(RedisManager redis) {
            return new ForgeRedisHealthIndicator(redis);
        }
    }
}
