package dev.forge.redis.spring.embedded;

import dev.forge.redis.spring.connection.ForgeConnectionDetails;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes an {@link EmbeddedRedis} bean the service that Forge and Spring Data Redis connect to. */
@AutoConfiguration(
        before = ForgeRedisAutoConfiguration.class,
        beforeName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(EmbeddedRedis.class)
@ConditionalOnSingleCandidate(EmbeddedRedis.class)
public final class EmbeddedRedisAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(ForgeConnectionDetails.class)
    EmbeddedRedisDetails embeddedRedisForForge(EmbeddedRedis server) {
        return new EmbeddedRedisDetails(server);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DataRedisConnectionDetails.class)
    static final class ForSpringDataRedis {

        @Bean
        @ConditionalOnMissingBean(DataRedisConnectionDetails.class)
        EmbeddedDataRedisDetails embeddedRedisForSpringDataRedis(EmbeddedRedis server) {
            return new EmbeddedDataRedisDetails(server);
        }
    }
}
