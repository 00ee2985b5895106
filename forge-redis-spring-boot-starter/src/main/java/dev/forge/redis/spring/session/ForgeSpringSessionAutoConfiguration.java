package dev.forge.redis.spring.session;

import dev.forge.redis.session.SessionStore;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;

/**
 * Keeps {@code HttpSession} in the {@link SessionStore}.
 *
 * <p>Applies if Spring Session is on the class path, and the application has no {@link SessionRepository} of its own.
 */
@AutoConfiguration(
        after = ForgeSessionAutoConfiguration.class,
        beforeName = "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration")
@ConditionalOnClass({SessionRepository.class, HttpServletRequest.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(SessionStore.class)
@ConditionalOnMissingBean(SessionRepository.class)
@Import(SpringHttpSessionConfiguration.class)
public final class ForgeSpringSessionAutoConfiguration {

    @Bean
    ForgeSessionRepository sessionRepository(SessionStore sessions, ObjectProvider<SessionAttributeType<?>> types) {
        return new ForgeSessionRepository(
                sessions, new SessionAttributes(types.orderedStream().toList()));
    }

    @Bean
    @ConditionalOnMissingBean({CookieSerializer.class, HttpSessionIdResolver.class})
    CookieSerializer cookieSerializer(SessionCookie cookie) {
        DefaultCookieSerializer serializer = new DefaultCookieSerializer();
        serializer.setCookieName(cookie.name());
        serializer.setUseSecureCookie(cookie.isSecure());
        serializer.setCookiePath("/");
        serializer.setUseBase64Encoding(false);
        return serializer;
    }

    /** The session attributes of Spring Security. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextImpl.class)
    static final class Security {

        @Bean
        @ConditionalOnMissingBean(name = "securityContextAttribute")
        SessionAttributeType<SecurityContextImpl> securityContextAttribute() {
            return SecurityContextAttribute.type();
        }
    }

    /** A class of its own, because an application may have one without the other. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DefaultCsrfToken.class)
    static final class Csrf {

        @Bean
        @ConditionalOnMissingBean(name = "csrfTokenAttribute")
        SessionAttributeType<DefaultCsrfToken> csrfTokenAttribute() {
            return CsrfTokenAttribute.type();
        }
    }
}
