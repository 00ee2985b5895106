package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import jakarta.servlet.http.HttpSession;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.i18n.SimpleTimeZoneAwareLocaleContext;
import org.springframework.context.i18n.TimeZoneAwareLocaleContext;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.web.servlet.i18n.SessionLocaleResolver;

class SpringSessionTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static final String PRINCIPAL = FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME;

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeSessionAutoConfiguration.class,
                    ForgeSpringSessionAutoConfiguration.class,
                    SessionAutoConfiguration.class))
            .withBean("cart", SessionAttributeType.class, () -> SessionAttributeType.json("cart", Cart.class))
            .withPropertyValues("forge.redis.connection-url=" + SERVER.url());

    /** A type of the application. */
    record Cart(List<String> articles) {}

    @Test
    void keepsTheLanguageAndTheTimeZoneOfSpringMvc() {
        SessionLocaleResolver resolver = new SessionLocaleResolver();
        TimeZone zone = TimeZone.getTimeZone("Europe/Berlin");
        visiting((browser, sessions) -> {
            browser.visit(request -> resolver.setLocaleContext(
                    request,
                    new MockHttpServletResponse(),
                    new SimpleTimeZoneAwareLocaleContext(Locale.GERMANY, zone)));

            browser.visit(request -> {
                assertThat(resolver.resolveLocale(request)).isEqualTo(Locale.GERMANY);
                assertThat(resolver.resolveLocaleContext(request))
                        .isInstanceOfSatisfying(
                                TimeZoneAwareLocaleContext.class,
                                found -> assertThat(found.getTimeZone()).isEqualTo(zone));
            });
        });
    }

    @Test
    void keepsPlainValuesAndRegisteredTypes() {
        Map<String, Object> values = Map.of(
                "text",
                "a:b",
                "yes",
                true,
                "int",
                1,
                "long",
                2L,
                "double",
                1.5,
                "list",
                List.of("a", 1, Map.of("b", true)),
                "cart",
                new Cart(List.of("book")));
        visiting((browser, sessions) -> {
            browser.visit(request -> values.forEach(request.getSession()::setAttribute));

            browser.visit(request -> values.forEach((name, value) ->
                    assertThat(request.getSession(false).getAttribute(name)).isEqualTo(value)));
        });
    }

    @Test
    void loadsNoClassThatDataInRedisNames() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));
            sessions.merge(
                    browser.id(),
                    Map.of(
                            "gadget", "type:javax.script.ScriptEngineManager:{}",
                            "json", "json:[\"javax.script.ScriptEngineManager\",{\"@class\":\"x\"}]",
                            "garbage", "\u00ac\u00ed\u0000\u0005"));

            browser.visit(request -> {
                HttpSession session = request.getSession(false);
                assertThat(session.getAttribute("a")).isEqualTo("1");
                assertThat(session.getAttribute("gadget")).isNull();
                assertThat(session.getAttribute("garbage")).isNull();
                assertThat(session.getAttribute("json"))
                        .isEqualTo(List.of("javax.script.ScriptEngineManager", Map.of("@class", "x")));
            });
        });
    }

    @Test
    void takesTwoRoundTripsForARequestWithChangesAndOneWithout() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));

            long before = scripts();
            browser.visit(request -> request.getSession().getAttribute("a"));
            assertThat(scripts() - before).isEqualTo(1);

            before = scripts();
            browser.visit(request -> request.getSession().setAttribute("a", "2"));
            assertThat(scripts() - before).isEqualTo(2);
        });
    }

    @Test
    void removesSavedAttributes() {
        application.run(context -> {
            ForgeSessionRepository repository = context.getBean(ForgeSessionRepository.class);
            ForgeHttpSession session = repository.createSession();
            session.setAttribute("a", "1");
            repository.save(session);
            session.setAttribute("b", "2");
            repository.save(session);
            session.removeAttribute("b");
            repository.save(session);

            assertThat(requireNonNull(repository.findById(session.getId())).getAttributeNames())
                    .containsExactly("a");
        });
    }

    @Test
    void losesNoAttributeOfConcurrentRequests() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));
            Browser other = browser.copy();

            browser.visit(request -> {
                HttpSession session = request.getSession();
                other.visit(second -> second.getSession().setAttribute("b", "2"));
                session.setAttribute("c", "3");
                session.removeAttribute("a");
            });

            browser.visit(request -> assertThat(
                            request.getSession().getAttributeNames().asIterator())
                    .toIterable()
                    .containsExactlyInAnyOrder("b", "c"));
        });
    }

    @Test
    void movesToTheUserAndANewIdAtALogin() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("cart", new Cart(List.of("book"))));
            Browser attacker = browser.copy();

            browser.visit(request -> request.getSession().setAttribute(PRINCIPAL, "ada"));

            assertThat(browser.id()).isNotEqualTo(attacker.id());
            assertThat(sessions.get(attacker.id())).isEmpty();
            assertThat(sessions.get(browser.id()).orElseThrow().user()).isEqualTo("ada");
            assertThat(sessions.sessionsOf("ada")).hasSize(1);
            browser.visit(request ->
                    assertThat(request.getSession(false).getAttribute("cart")).isEqualTo(new Cart(List.of("book"))));

            sessions.deleteAllOf("ada");
            browser.visit(request -> assertThat(request.getSession(false)).isNull());
        });
    }

    @Test
    void knowsTheUserOfSpringSecurity() {
        visiting((browser, sessions) -> {
            Authentication login = UsernamePasswordAuthenticationToken.authenticated("ada", null, List.of());
            browser.visit(request ->
                    request.getSession().setAttribute("SPRING_SECURITY_CONTEXT", new SecurityContextImpl(login)));

            assertThat(sessions.sessionsOf("ada")).hasSize(1);
            browser.visit(request -> assertThat(request.getSession(false).getAttribute("SPRING_SECURITY_CONTEXT"))
                    .isEqualTo(new SecurityContextImpl(login)));
        });
    }

    @Test
    void dropsAFailureOfAnUnknownTypeAfterTheRequestThatSetsIt() {
        visiting((browser, sessions) -> {
            browser.visit(request -> {
                HttpSession session = request.getSession();
                session.setAttribute("SPRING_SECURITY_LAST_EXCEPTION", new BadCredentialsException("no"));
                session.setAttribute("SPRING_SECURITY_LAST_EXCEPTION", new AuthenticationServiceException("no"));
                assertThat(session.getAttribute("SPRING_SECURITY_LAST_EXCEPTION"))
                        .isNotNull();
            });

            browser.visit(
                    request -> assertThat(request.getSession(false).getAttribute("SPRING_SECURITY_LAST_EXCEPTION"))
                            .isNull());
        });
    }

    @Test
    void givesTheBrowserTheSafeCookie() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession());

            assertThat(browser.cookie().getName()).isEqualTo("__Host-session");
            assertThat(browser.cookie().getValue()).hasSize(43);
            assertThat(browser.cookie().getPath()).isEqualTo("/");
            assertThat(browser.cookie().isHttpOnly()).isTrue();
            assertThat(browser.cookie().getSecure()).isTrue();
            assertThat(browser.cookie().getAttribute("SameSite")).isEqualTo("Lax");
        });
    }

    @Test
    void changesTheIdAtOnce() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));
            String old = browser.id();

            browser.visit(request -> {
                request.getSession().setAttribute("b", "2");
                String id = request.changeSessionId();
                assertThat(sessions.get(old)).isEmpty();
                assertThat(sessions.get(id)).isPresent();
            });

            assertThat(browser.id()).isNotEqualTo(old);
            browser.visit(request -> {
                assertThat(request.getSession(false).getAttribute("a")).isEqualTo("1");
                assertThat(request.getSession(false).getAttribute("b")).isEqualTo("2");
            });
        });
    }

    @Test
    void endsWhenInvalidatedAndIsNotRestoredByARunningRequest() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));
            String id = browser.id();
            Browser other = browser.copy();

            other.visit(request -> {
                HttpSession session = request.getSession();
                browser.visit(logout -> logout.getSession().invalidate());
                session.setAttribute("b", "2");
            });

            assertThat(sessions.get(id)).isEmpty();
            assertThat(browser.id()).isEmpty();
        });
    }

    @Test
    void acceptsNoIdThatTheCallerMadeUp() {
        visiting((browser, sessions) -> {
            browser.visit(request -> request.getSession().setAttribute("a", "1"));
            sessions.delete(browser.id());
            String dead = browser.id();

            browser.visit(request -> request.getSession().setAttribute("a", "2"));

            assertThat(browser.id()).isNotEqualTo(dead);
        });
    }

    @Test
    void hasOneIdleTimeoutForAllSessions() {
        visiting((browser, sessions) -> browser.visit(request -> {
            HttpSession session = request.getSession();
            assertThat(session.getMaxInactiveInterval()).isEqualTo(86_400);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> session.setMaxInactiveInterval(60))
                    .withMessageContaining("forge.session.idle-timeout");
        }));
    }

    @Test
    void needsNoSpringSecurityAndBacksOffForAnotherRepository() {
        application
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> {
                    Browser browser = new Browser(context.getBean(SessionRepositoryFilter.class));
                    browser.visit(request -> request.getSession().setAttribute("a", "1"));
                    browser.visit(
                            request -> assertThat(request.getSession(false).getAttribute("a"))
                                    .isEqualTo("1"));
                });
        application
                .withBean("own", SessionRepository.class, () -> new MapSessionRepository(new HashMap<>()))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(ForgeSessionRepository.class));
    }

    private void visiting(BiConsumer<Browser, SessionStore> visit) {
        application.run(context -> visit.accept(
                new Browser(context.getBean(SessionRepositoryFilter.class)), context.getBean(SessionStore.class)));
    }

    /** Returns how many scripts Redis has run, by their digest or sent in full. */
    private static long scripts() {
        return Pattern.compile("cmdstat_eval(?:sha)?:calls=(\\d+)")
                .matcher(SERVER.server().command("INFO", "commandstats"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }
}
