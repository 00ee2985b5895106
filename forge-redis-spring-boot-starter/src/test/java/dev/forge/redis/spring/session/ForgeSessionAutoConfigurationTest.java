package dev.forge.redis.spring.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.Session;
import dev.forge.redis.session.SessionSettings;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;

class ForgeSessionAutoConfigurationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeSessionAutoConfiguration.class,
                    ForgeSpringSessionAutoConfiguration.class))
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    @Test
    void createsAStoreWhoseSessionsLastADay() {
        application.run(context -> {
            SessionStore sessions = context.getBean(SessionStore.class);

            assertThat(sessions.settings()).isEqualTo(SessionSettings.defaults());
            String id = sessions.create("ada", Map.of()).id().value();
            assertThat(sessions.get(id)).isPresent();
        });
    }

    @Test
    void readsLimitsAndNameFromProperties() {
        application
                .withPropertyValues(
                        "forge.session.name=shop:session",
                        "forge.session.idle-timeout=30m",
                        "forge.session.absolute-timeout=8h")
                .run(context -> assertThat(context.getBean(SessionStore.class).settings())
                        .isEqualTo(SessionSettings.defaults()
                                .withName("shop:session")
                                .withTimeouts(Duration.ofMinutes(30), Duration.ofHours(8))));
        application
                .withPropertyValues("forge.session.absolute-timeout=8h")
                .run(context -> assertThat(
                                context.getBean(SessionStore.class).settings().idleTimeout())
                        .isEqualTo(Duration.ofHours(8)));
        application
                .withPropertyValues("forge.session.idle-timeout=48h")
                .run(context -> assertThat(
                                context.getBean(SessionStore.class).settings().absoluteTimeout())
                        .isEqualTo(Duration.ofDays(2)));
    }

    @Test
    void backsOffForAStoreAndACookieOfTheApplication() {
        application
                .withBean("own", SessionStore.class, () -> SessionStore.create(RedisManager.fromEnvironment()))
                .withBean("cookie", SessionCookie.class, SessionCookie::plain)
                .run(context -> {
                    assertThat(context).hasSingleBean(SessionStore.class).hasSingleBean(SessionCookie.class);
                    assertThat(context.getBean(SessionCookie.class).isSecure()).isFalse();
                });
    }

    @Test
    void sendsTheCookieOnlyOverTlsToThisHostByDefault() {
        application.run(context -> {
            SessionCookie cookie = context.getBean(SessionCookie.class);
            Session session = context.getBean(SessionStore.class).create("ada", Map.of());

            assertThat(cookie.issue(session))
                    .matches(
                            "__Host-session=[\\w-]{43}; Path=/; Max-Age=86400; Expires=[^;]+; Secure; HttpOnly; SameSite=Lax");
            assertThat(cookie.clear())
                    .matches("__Host-session=; Path=/; Max-Age=0; Expires=[^;]+; Secure; HttpOnly; SameSite=Lax");
        });
        application
                .withPropertyValues("forge.session.secure-cookie=false")
                .run(context -> assertThat(context.getBean(SessionCookie.class).clear())
                        .matches("session=; Path=/; Max-Age=0; Expires=[^;]+; HttpOnly; SameSite=Lax"));
    }

    @Test
    void readsOnlyItsOwnCookie() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setCookies(new Cookie("session", "plain"));

        assertThat(SessionCookie.secure().read(request)).isEmpty();
        assertThat(SessionCookie.plain().read(request)).contains("plain");
    }

    @Test
    void needsNoServletsAndNoSpringSession() {
        application
                .withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.session"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(SessionStore.class)
                        .doesNotHaveBean(SessionCookie.class));
    }
}
