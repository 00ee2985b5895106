package dev.forge.redis.spring.actuate;

import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.connection.RedisServers;
import java.util.Map;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Adds the health indicator {@code forgeRedis}; {@code management.health.forgeRedis.enabled=false} removes it.
 *
 * <p>With {@code forge.redis.servers.*} it shows each server by its name, the plain one as {@code default}.
 */
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
        HealthContributor forgeRedisHealthIndicator(RedisManager redis, RedisServers servers) {
            Map<String, RedisManager> all = servers.all();
            return all.size() == 1
                    ? new ForgeRedisHealthIndicator(redis)
                    : CompositeHealthContributor.fromMap(all, ForgeRedisHealthIndicator::new);
        }
    }
}
