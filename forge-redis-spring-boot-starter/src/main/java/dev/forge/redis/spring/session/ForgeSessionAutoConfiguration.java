package dev.forge.redis.spring.session;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.connection.RedisServers;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.ResponseCookie;
import org.springframework.session.SessionRepository;

/** Makes a {@link SessionStore} from {@code forge.session.*} and, for servlets, a {@link SessionCookie}. */
@AutoConfiguration(after = ForgeRedisAutoConfiguration.class)
@ConditionalOnBean(RedisManager.class)
@EnableConfigurationProperties(ForgeSessionProperties.class)
public final class ForgeSessionAutoConfiguration {

    /** Makes the store; where it keeps {@code HttpSession}, Spring's own properties count as well. */
    @Bean
    @ConditionalOnMissingBean
    SessionStore forgeSessionStore(
            RedisServers servers, ForgeSessionProperties properties, ObjectProvider<HttpSessionTimeout> http) {
        RedisManager redis = servers.named(properties.server(), "forge.session.server");
        HttpSessionTimeout timeout = http.getIfAvailable();
        return SessionStore.create(redis, properties.settings(timeout == null ? null : timeout.timeout()));
    }

    /** A class of its own, because its classes may be absent. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({HttpServletRequest.class, ResponseCookie.class})
    static final class Cookies {

        @Bean
        @ConditionalOnMissingBean
        SessionCookie forgeSessionCookie(ForgeSessionProperties properties, ObjectProvider<HttpSessionCookie> http) {
            HttpSessionCookie cookie = http.getIfAvailable(() -> HttpSessionCookie.NONE);
            return cookie.sessionCookie(properties.secureCookie());
        }
    }

    /** Says who keeps {@code HttpSession}: several libraries may be able to. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({SessionRepository.class, HttpServletRequest.class})
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static final class Keeper {

        private static final Logger LOG = LoggerFactory.getLogger(ForgeSessionAutoConfiguration.class);

        @Bean
        SmartInitializingSingleton forgeSessionKeeper(ObjectProvider<SessionRepository<?>> repositories) {
            return () -> {
                @Nullable SessionRepository<?> keeper = repositories.getIfUnique();
                if (keeper instanceof ForgeSessionRepository) {
                    LOG.info("Forge keeps HttpSession in Redis;"
                            + " forge.session.http-session=false leaves it to another store");
                } else if (keeper != null) {
                    LOG.info(
                            "Forge does not keep HttpSession: {} does",
                            keeper.getClass().getName());
                } else {
                    LOG.info("Forge does not keep HttpSession: the servlet container does,"
                            + " unless a filter of the application says otherwise");
                }
            };
        }
    }
}
