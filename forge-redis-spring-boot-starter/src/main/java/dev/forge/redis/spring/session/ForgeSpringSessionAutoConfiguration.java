package dev.forge.redis.spring.session;

import dev.forge.redis.session.SessionStore;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.session.autoconfigure.DefaultCookieSerializerCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseCookie;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.SpringHttpSessionConfiguration;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.web.servlet.FlashMap;

/**
 * Keeps {@code HttpSession} in the {@link SessionStore}.
 *
 * <p>Applies if Spring Session is on the class path, the application has no {@link SessionRepository} of its own, and
 * {@code forge.session.http-session} is not false. Comes before the stores that Spring Boot makes, which back off.
 */
@AutoConfiguration(
        after = ForgeSessionAutoConfiguration.class,
        beforeName = {
            "org.springframework.boot.session.autoconfigure.SessionAutoConfiguration",
            "org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration",
            "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration"
        })
@ConditionalOnClass({SessionRepository.class, HttpServletRequest.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(SessionStore.class)
@ConditionalOnMissingBean(SessionRepository.class)
@ConditionalOnBooleanProperty(name = "forge.session.http-session", matchIfMissing = true)
public final class ForgeSpringSessionAutoConfiguration {

    /** Spring's own properties, which the store takes its timeout from. */
    @Bean
    HttpSessionTimeout forgeHttpSessionTimeout(Environment environment) {
        return HttpSessionTimeout.of(environment);
    }

    /** Spring's own properties, which the cookie is made of. */
    @Bean
    HttpSessionCookie forgeHttpSessionCookie(Environment environment) {
        return HttpSessionCookie.of(environment);
    }

    @Bean
    ForgeSessionRepository sessionRepository(
            SessionStore sessions,
            HttpSessionTimeout timeout,
            ObjectProvider<SessionAttributeType<?>> types,
            ObjectProvider<BuiltInTypes> builtIn) {
        timeout.check(sessions.settings().idleTimeout());
        return new ForgeSessionRepository(
                sessions,
                new SessionAttributes(
                        types.orderedStream().toList(), builtIn.orderedStream().toList()));
    }

    private static DefaultCookieSerializer serializer(SessionCookie cookie) {
        ResponseCookie template = cookie.template();
        DefaultCookieSerializer serializer = new DefaultCookieSerializer();
        serializer.setCookieName(template.getName());
        serializer.setUseSecureCookie(template.isSecure());
        serializer.setUseHttpOnlyCookie(template.isHttpOnly());
        serializer.setSameSite(template.getSameSite());
        serializer.setPartitioned(template.isPartitioned());
        serializer.setUseBase64Encoding(false);
        if (template.getPath() != null) {
            serializer.setCookiePath(template.getPath());
        }
        if (template.getDomain() != null) {
            serializer.setDomainName(template.getDomain());
        }
        cookie.maxAge().ifPresent(age -> serializer.setCookieMaxAge((int) age.toSeconds()));
        return serializer;
    }

    /** The filter for requests, which must not open sessions by their handles. */
    @Configuration(proxyBeanMethods = false)
    static final class Requests extends SpringHttpSessionConfiguration {

        @Bean
        @Override
        @SuppressWarnings("unchecked") // The filter stores sessions of the repository that it reads them from.
        public <S extends Session> SessionRepositoryFilter<? extends Session> springSessionRepositoryFilter(
                SessionRepository<S> repository) {
            return super.springSessionRepositoryFilter(
                    repository instanceof ForgeSessionRepository forge
                            ? (SessionRepository<S>) forge.forRequests()
                            : repository);
        }
    }

    /** The cookie with the customizers of Spring Boot, one of which is for remember-me. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DefaultCookieSerializerCustomizer.class)
    static final class CustomizedCookies {

        @Bean
        @ConditionalOnMissingBean({CookieSerializer.class, HttpSessionIdResolver.class})
        DefaultCookieSerializer cookieSerializer(
                SessionCookie cookie, ObjectProvider<DefaultCookieSerializerCustomizer> customizers) {
            DefaultCookieSerializer serializer = serializer(cookie);
            customizers.orderedStream().forEach(customizer -> customizer.customize(serializer));
            return serializer;
        }
    }

    /** The cookie without Spring Boot's part for Spring Session. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingClass("org.springframework.boot.session.autoconfigure.DefaultCookieSerializerCustomizer")
    static final class Cookies {

        @Bean
        @ConditionalOnMissingBean({CookieSerializer.class, HttpSessionIdResolver.class})
        DefaultCookieSerializer cookieSerializer(SessionCookie cookie) {
            return serializer(cookie);
        }

        /** As that part has it: error pages belong to the session too, and a filter alone is for requests only. */
        @Bean
        @ConditionalOnMissingBean(name = "sessionRepositoryFilterRegistration")
        FilterRegistrationBean<SessionRepositoryFilter<?>> sessionRepositoryFilterRegistration(
                SessionRepositoryFilter<?> filter, Environment environment) {
            Binder binder = Binder.get(environment);
            FilterRegistrationBean<SessionRepositoryFilter<?>> registration = new FilterRegistrationBean<>(filter);
            registration.setDispatcherTypes(EnumSet.copyOf(
                    binder.bind("spring.session.servlet.filter-dispatcher-types", Bindable.setOf(DispatcherType.class))
                            .orElse(Set.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR))));
            registration.setOrder(binder.bind("spring.session.servlet.filter-order", Integer.class)
                    .orElse(SessionRepositoryFilter.DEFAULT_ORDER));
            return registration;
        }
    }

    @Bean
    LocaleAttributes forgeLocaleSessionAttributes() {
        return new LocaleAttributes();
    }

    /** The session attributes of Spring Security, and its registry of sessions. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SecurityContextImpl.class)
    static final class Security {

        @Bean
        SecurityTypes forgeSecuritySessionAttributes() {
            return new SecurityTypes();
        }

        /** The sessions of a user in all instances: what {@code maximumSessions} counts. */
        @Bean
        @ConditionalOnMissingBean(SessionRegistry.class)
        SpringSessionBackedSessionRegistry<ForgeSession> forgeSessionRegistry(ForgeSessionRepository sessions) {
            return new SpringSessionBackedSessionRegistry<>(sessions);
        }
    }

    /** A class of its own, because an application may have one without the other. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(DefaultCsrfToken.class)
    static final class Csrf {

        @Bean
        CsrfTokenAttribute forgeCsrfSessionAttribute() {
            return new CsrfTokenAttribute();
        }
    }

    /** The flash attributes of Spring MVC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(FlashMap.class)
    static final class Flash {

        @Bean
        FlashMaps forgeFlashSessionAttributes() {
            return new FlashMaps();
        }
    }
}
