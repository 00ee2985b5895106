package dev.forge.redis.spring.connection;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Makes a {@link RedisManager} that is opened when the application starts and closed when it stops.
 *
 * <p>When Redis is unavailable at the start, the application still starts, with a warning, and the manager keeps trying
 * to connect. With {@code forge.redis.required=true}, the application does not start. Backs off if the application has
 * a {@link RedisSettings} or {@link RedisManager} of its own. The managers of {@code forge.redis.servers.*} are made in the
 * same way.
 */
@AutoConfiguration
@EnableConfigurationProperties({ForgeRedisProperties.class, ForgeRedisServersProperties.class})
@Import(NamedManagers.class)
public final class ForgeRedisAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(ForgeRedisAutoConfiguration.class);

    @Bean
    @ConditionalOnMissingBean({RedisSettings.class, RedisManager.class})
    Connection forgeRedisConnection(ForgeRedisProperties properties, BeanFactory beans, Environment environment) {
        return new ConnectionChoice(beans, properties, environment).connection();
    }

    @Bean
    @ConditionalOnMissingBean({RedisSettings.class, RedisManager.class})
    RedisSettings forgeRedisSettings(Connection connection, ObjectProvider<RedisSettingsCustomizer> customizers) {
        RedisSettingsBuilder builder = connection.settings();
        customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
        RedisSettings settings = builder.build();
        LOG.info("Redis is at {}; source: {}", settings.endpoint(), connection.source());
        return settings;
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    RedisManager redisManager(
            RedisSettings settings, ForgeRedisProperties properties, ObjectProvider<Connection> connection) {
        return ManagerStart.open(settings, properties.required(), "forge.redis.required", connection.getIfAvailable());
    }

    @Bean(RedisServers.BEAN)
    RedisServers forgeRedisServers(
            RedisManager redis,
            BeanFactory beans,
            ForgeRedisProperties properties,
            ForgeRedisServersProperties servers,
            Environment environment) {
        return new RedisServers(redis, beans, properties.variables(environment), servers.servers());
    }
}
