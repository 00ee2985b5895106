package dev.forge.redis.spring.session;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.connection.RedisServers;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseCookie;

/** Makes a {@link SessionStore} from {@code forge.session.*} and, for servlets, a {@link SessionCookie}. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnBean(RedisManager.class)
@EnableConfigurationProperties(ForgeSessionProperties.class)
public final class ForgeSessionAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    SessionStore sessionStore(RedisServers servers, ForgeSessionProperties properties) {
        return SessionStore.create(servers.named(properties.server(), "forge.session.server"), properties.settings());
    }

    /** A class of its own, because its classes may be absent. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HttpServletRequest.class, ResponseCookie.class})
    static final class Cookies {

        @Bean
        @ConditionalOnMissingBean
        SessionCookie sessionCookie(ForgeSessionProperties properties) {
            return properties.secureCookie() ? SessionCookie.secure() : SessionCookie.plain();
        }
    }
}
