package dev.forge.redis.spring.actuate;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCacheManager;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.cache.report.CachingReport;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Adds the Actuator endpoint {@code forge}, where it is exposed; its changes need unrestricted access. */
@AutoConfiguration(after = {ForgeRedisAutoConfiguration.class, ForgeCacheManagerAutoConfiguration.class})
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(RedisManager.class)
public final class ForgeEndpointAutoConfiguration {

    /** A class of its own, because its condition is itself a class that may be absent. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(ForgeEndpoint.class)
    static final class Exposed {

        @Bean
        @ConditionalOnMissingBean
        ForgeEndpoint forgeEndpoint(
                ConfigurableListableBeanFactory beans,
                Environment environment,
                ObjectProvider<Cache<?>> caches,
                ObjectProvider<ForgeCacheManager> managers) {
            return new ForgeEndpoint(
                    () -> beans.getBeansOfType(RedisManager.class),
                    new KnownCaches(caches, managers),
                    new CachingReport(beans, environment));
        }
    }
}
