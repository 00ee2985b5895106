package dev.forge.redis.spring.session;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionSettings;
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import jakarta.servlet.http.Cookie;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.data.redis.autoconfigure.SessionDataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.ResponseCookie;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Spring's own properties of sessions, and its own store in Redis beside Forge's. */
@ExtendWith(OutputCaptureExtension.class)
class HttpSessionPropertiesTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    AfterSpringsStore.class,
                    SessionDataRedisAutoConfiguration.class,
                    SessionAutoConfiguration.class,
                    DataRedisAutoConfiguration.class,
                    ForgeRedisAutoConfiguration.class,
                    ForgeSessionAutoConfiguration.class,
                    ForgeSpringSessionAutoConfiguration.class))
            .withPropertyValues("spring.data.redis.url=" + SERVER.url());

    @ParameterizedTest
    @CsvSource({
        "spring.session.timeout=10m, PT10M, PT24H",
        "spring.session.timeout=90, PT1M30S, PT24H",
        "spring.session.timeout=72h, PT72H, PT72H",
        "server.servlet.session.timeout=20m, PT20M, PT24H",
        "forge.session.idle-timeout=1h, PT1H, PT24H",
        "forge.session.idle-timeout=1800, PT30M, PT24H",
        "forge.session.absolute-timeout=90000, PT24H, PT25H"
    })
    void endsUnusedSessionsWhenSpringsPropertiesSay(String property, Duration idle, Duration absolute) {
        application.withPropertyValues(property).run(context -> {
            SessionSettings settings = context.getBean(SessionStore.class).settings();
            assertThat(settings.idleTimeout()).isEqualTo(idle);
            assertThat(settings.absoluteTimeout()).isEqualTo(absolute);
            new Browser(context.getBean(SessionRepositoryFilter.class))
                    .visit(request -> assertThat(request.getSession().getMaxInactiveInterval())
                            .isEqualTo(idle.toSeconds()));
        });
    }

    @Test
    void prefersTheTimeoutOfSpringSession() {
        application
                .withPropertyValues("spring.session.timeout=10m", "server.servlet.session.timeout=20m")
                .run(context -> assertThat(
                                context.getBean(SessionStore.class).settings().idleTimeout())
                        .isEqualTo(Duration.ofMinutes(10)));
    }

    @ParameterizedTest
    @CsvSource({
        "spring.session.timeout=-1, spring.session.timeout, from 1 second to 366 days",
        "spring.session.timeout=400d, spring.session.timeout, from 1 second to 366 days",
        "server.servlet.session.timeout=0, server.servlet.session.timeout, from 1 second to 366 days",
        "server.servlet.session.tracking-modes=url, server.servlet.session.tracking-modes, must be cookie",
        "server.servlet.session.cookie.same-site=odd, server.servlet.session.cookie, same-site must be none",
        "server.servlet.session.cookie.name=__Secure-id;server.servlet.session.cookie.secure=false,"
                + " server.servlet.session.cookie, unless it is secure",
        "server.servlet.session.cookie.same-site=none;server.servlet.session.cookie.secure=false,"
                + " server.servlet.session.cookie, with SameSite=None unless it is secure",
        "server.servlet.session.cookie.same-site=none;forge.session.secure-cookie=false,"
                + " server.servlet.session.cookie, with SameSite=None unless it is secure",
        "server.servlet.session.cookie.partitioned=true;server.servlet.session.cookie.secure=false,"
                + " server.servlet.session.cookie, if it is partitioned and not secure",
        "server.servlet.session.cookie.name=__Host-id;server.servlet.session.cookie.path=/shop,"
                + " server.servlet.session.cookie, give it another name",
        "server.servlet.session.cookie.secure=true;forge.session.secure-cookie=false,"
                + " server.servlet.session.cookie.secure, but forge.session.secure-cookie is false",
        "spring.session.timeout=10m;forge.session.idle-timeout=1h, spring.session.timeout, forge.session.idle-timeout",
    })
    void stopsTheStartForWhatItCannotHonour(String properties, String name, String reason) {
        application
                .withPropertyValues(properties.split(";"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining(name + ": ")
                        .hasStackTraceContaining(reason));
    }

    @Test
    void stopsTheStartIfAStoreOfTheApplicationHasAnotherTimeout() {
        application
                .withBean("own", SessionStore.class, () -> SessionStore.create(RedisManager.fromEnvironment()))
                .withPropertyValues("spring.session.timeout=10m")
                .run(context ->
                        assertThat(context).getFailure().rootCause().hasMessageContaining("spring.session.timeout"));
    }

    @Test
    void givesTheCookieThatSpringsPropertiesDescribe() {
        cookie(
                cookie -> {
                    assertThat(cookie.getName()).isEqualTo("sid");
                    assertThat(cookie.getDomain()).isEqualTo("example.com");
                    assertThat(cookie.getPath()).isEqualTo("/shop");
                    assertThat(cookie.isHttpOnly()).isFalse();
                    assertThat(cookie.getSecure()).isFalse();
                    assertThat(cookie.getMaxAge()).isEqualTo(3600);
                    assertThat(cookie.getAttribute("SameSite")).isEqualTo("Strict");
                },
                "name=sid",
                "domain=example.com",
                "path=/shop",
                "http-only=false",
                "secure=false",
                "max-age=1h",
                "same-site=strict");
        cookie(cookie -> assertThat(cookie.getAttribute("Partitioned")).isNotNull(), "partitioned=true");
        cookie(cookie -> assertThat(cookie.getAttribute("SameSite")).isNull(), "same-site=omitted");
        // Browsers would reject the default name with these.
        cookie(cookie -> assertThat(cookie.getName()).isEqualTo("session"), "domain=example.com");
        cookie(cookie -> assertThat(cookie.getName()).isEqualTo("session"), "path=/shop");
        cookie(cookie -> assertThat(cookie.getName()).isEqualTo("session"), "secure=false");
        cookie(cookie -> assertThat(cookie.getName()).isEqualTo("__Host-session"), "http-only=true");
    }

    private void cookie(Consumer<Cookie> expected, String... properties) {
        String[] all = Arrays.stream(properties)
                .map(property -> "server.servlet.session.cookie." + property)
                .toArray(String[]::new);
        application.withPropertyValues(all).run(context -> {
            Browser browser = new Browser(context.getBean(SessionRepositoryFilter.class));
            browser.visit(request -> request.getSession());
            expected.accept(browser.cookie());
        });
    }

    @Test
    void refusesACookieThatBrowsersWouldReject() {
        ResponseCookie insecure = ResponseCookie.from("__Host-id", "").path("/").build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionCookie.of(insecure))
                .withMessageContaining("browsers reject the cookie __Host-id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionCookie.of(
                        ResponseCookie.from("id", "").sameSite("none").build()))
                .withMessageContaining("browsers reject the cookie id with SameSite=None");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionCookie.of(
                        ResponseCookie.from("id", "").partitioned(true).build()))
                .withMessageContaining("browsers reject the cookie id if it is partitioned and not secure");
        assertThat(SessionCookie.of(insecure.mutate().secure(true).build()).clear())
                .startsWith("__Host-id=; Path=/; Max-Age=0;");
    }

    @Test
    void comesBeforeSpringsOwnStoreAndSaysSoOnce(CapturedOutput output) {
        application.run(context ->
                assertThat(context).getBean(SessionRepository.class).isInstanceOf(ForgeSessionRepository.class));

        assertThat(output.getOut().split("Forge keeps HttpSession in Redis", -1))
                .hasSize(2);
    }

    @Test
    void leavesHttpSessionToSpringsOwnStoreIfAskedTo(CapturedOutput output) {
        application
                .withPropertyValues("forge.session.http-session=false", "spring.session.timeout=10m")
                .run(context -> {
                    assertThat(context).getBean(SessionRepository.class).isInstanceOf(RedisSessionRepository.class);
                    assertThat(context.getBean(SessionStore.class).settings()).isEqualTo(SessionSettings.defaults());
                });

        assertThat(output).contains("Forge does not keep HttpSession: ").contains("RedisSessionRepository does");
    }

    @Test
    void dropsASavedRequestThatIsTooLargeRatherThanFailing() {
        application.run(context -> {
            ForgeHttpSession session =
                    context.getBean(ForgeSessionRepository.class).createSession();
            MockHttpServletRequest request = new MockHttpServletRequest("GET", "/orders");
            request.addHeader("Accept", "x".repeat(20_000));

            session.setAttribute("SPRING_SECURITY_SAVED_REQUEST", new DefaultSavedRequest(request));
            context.getBean(ForgeSessionRepository.class).save(session);

            assertThat(session.getAttributeNames()).containsExactly("SPRING_SECURITY_SAVED_REQUEST");
            assertThat(context.getBean(SessionStore.class)
                            .get(session.getId())
                            .orElseThrow()
                            .attributes())
                    .isEmpty();
        });
    }

    @Test
    void refusesTheNameOfAUserThatIsTooLongWhereItIsSet() {
        application.run(context -> {
            ForgeHttpSession session =
                    context.getBean(ForgeSessionRepository.class).createSession();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.setAttribute(
                            FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "x".repeat(257)))
                    .withMessageContaining("from 1 to 256 characters");
        });
    }

    @Test
    void refusesTooLargeASessionAtTheLineThatFillsIt() {
        application.withPropertyValues("forge.session.max-size=32KB").run(context -> {
            ForgeSessionRepository repository = context.getBean(ForgeSessionRepository.class);
            ForgeHttpSession session = repository.createSession();
            session.setAttribute("a", "x".repeat(20_000));
            repository.save(session);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.setAttribute("b", "x".repeat(20_000)))
                    .withMessageContaining("'b', a java.lang.String")
                    .withMessageContaining("set forge.session.max-size");

            session.setAttribute("a", "x".repeat(10));
            session.setAttribute("b", "x".repeat(20_000));
            repository.save(session);
            assertThat(requireNonNull(repository.findById(session.getId())).getAttributeNames())
                    .containsExactlyInAnyOrder("a", "b");
        });
    }
}
