package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.ratelimit.Algorithm;
import dev.forge.redis.ratelimit.OnOutage;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

class ForgeRateLimitAutoConfigurationTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application = LimitedApplication.on(SERVER)
            .withUserConfiguration(Controllers.class)
            .withPropertyValues(
                    "forge.rate-limit.rules.default.paths=/api/**",
                    "forge.rate-limit.rules.default.permits=2",
                    "forge.rate-limit.rules.default.period=60",
                    "forge.rate-limit.rules.default.timeout=10s");

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @RestController
    static class Controllers {

        @GetMapping({"/api/a", "/api/b", "/free"})
        String any() {
            return "pong";
        }

        @RateLimit(name = "dear", permits = 3, period = "1m", subject = "header:X-Api-Key", cost = 2)
        @GetMapping("/dear")
        String dear() {
            return "dear";
        }
    }

    @RateLimit(name = "class", permits = 1, period = "PT1H", onOutage = OnOutage.DENY)
    @RestController
    static class Limited {

        @GetMapping("/limited")
        String limited() {
            return "limited";
        }
    }

    @RestController
    static class Contradicting {

        @RateLimit(name = "dear", permits = 4, period = "1m")
        @GetMapping("/contradicting")
        String contradicting() {
            return "contradicting";
        }
    }

    @Test
    void refusesTooManyRequestsToAPath() {
        application.run(context -> {
            MockHttpServletResponse first = answer(context, get("/api/a"));
            MockHttpServletResponse second = answer(context, get("/api/b"));
            MockHttpServletResponse third = answer(context, get("/api/a"));

            assertThat(first.getContentAsString()).isEqualTo("pong");
            assertThat(first.getHeader("RateLimit-Policy")).isEqualTo("\"default\";q=2;w=60");
            assertThat(first.getHeader("RateLimit")).isEqualTo("\"default\";r=1;t=60");
            assertThat(second.getHeader("RateLimit")).matches("\"default\";r=0;t=(59|60)");
            assertThat(third.getStatus()).isEqualTo(429);
            assertThat(third.getContentType()).isEqualTo("application/problem+json");
            assertThat(third.getContentAsString())
                    .contains("\"status\":429", "\"violated-policies\":[\"default\"]")
                    .doesNotContain("pong");
            String wait = third.getHeader("Retry-After");
            assertThat(Integer.parseInt(String.valueOf(wait))).isBetween(1, 60);
            assertThat(third.getHeader("RateLimit")).isEqualTo("\"default\";r=0;t=" + wait);
            assertThat(answer(context, get("/free")).getHeaderNames()).doesNotContain("RateLimit", "RateLimit-Policy");
        });
    }

    @Test
    void countsARequestThatTheAnnotationRefusesForNoPath() {
        application
                .withPropertyValues(
                        "forge.rate-limit.rules.all.paths=/dear",
                        "forge.rate-limit.rules.all.permits=5",
                        "forge.rate-limit.rules.all.period=60",
                        "forge.rate-limit.rules.all.timeout=10s")
                .run(context -> {
                    answer(context, get("/dear").header("X-Api-Key", "ada"));
                    MockHttpServletResponse refused =
                            answer(context, get("/dear").header("X-Api-Key", "ada"));
                    MockHttpServletResponse other = answer(context, get("/dear").header("X-Api-Key", "bob"));

                    assertThat(refused.getStatus()).isEqualTo(429);
                    assertThat(other.getStatus()).isEqualTo(200);
                    assertThat(other.getHeaders("RateLimit"))
                            .anySatisfy(header -> assertThat(header).startsWith("\"all\";r=3;"));
                });
    }

    @Test
    void saysWhenTheNextRequestIsAllowedOnceNoneIsLeft() {
        application
                .withPropertyValues("forge.rate-limit.rules.default.algorithm=token-bucket")
                .run(context -> {
                    answer(context, get("/api/a"));

                    MockHttpServletResponse last = answer(context, get("/api/a"));

                    assertThat(last.getHeader("RateLimit")).matches("\"default\";r=0;t=([12]?[0-9]|30)");
                });
    }

    @Test
    void refusesWithAProblemThatNamesTheLimit() {
        application.run(context -> {
            MockHttpServletResponse refused = refused(context, get("/dear"));

            String wait = String.valueOf(refused.getHeader("Retry-After"));
            assertThat(refused.getContentAsString())
                    .contains(
                            "\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"",
                            "\"title\":\"Too Many Requests\"",
                            "\"status\":429",
                            "\"detail\":\"Too many requests. Try again in " + wait + " s.\"",
                            "\"violated-policies\":[\"dear\"]");
        });
    }

    @Test
    void refusesWithAProblemWhateverTheCallerAccepts() {
        application.run(context -> {
            MockHttpServletResponse refused = refused(context, get("/dear").accept("text/html"));

            assertThat(refused.getStatus()).isEqualTo(429);
            assertThat(refused.getContentType()).isEqualTo("application/problem+json");
        });
    }

    @RestControllerAdvice
    static class OwnAnswer {

        @ExceptionHandler
        ResponseEntity<String> refused(RateLimitExceededException refusal) {
            return ResponseEntity.status(503)
                    .body(refusal.limit() + " for " + (refusal.retryAfter().toMillis() > 0));
        }
    }

    /** What {@code spring.mvc.problemdetails.enabled} adds, with a detail of its own. */
    @ControllerAdvice
    static class ProblemDetails extends ResponseEntityExceptionHandler {

        @Override
        protected ResponseEntity<Object> handleErrorResponseException(
                ErrorResponseException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
            failure.getBody().setDetail("Come back later.");
            return requireNonNull(super.handleErrorResponseException(failure, headers, status, request));
        }
    }

    @Test
    void leavesTheAnswerToAnAdviceOfTheApplication() {
        application.withBean(OwnAnswer.class).run(context -> {
            MockHttpServletResponse refused = refused(context, get("/dear"));

            assertThat(refused.getStatus()).isEqualTo(503);
            assertThat(refused.getContentAsString()).isEqualTo("dear for true");
            hasHeadersOnce(refused);
        });
    }

    @Test
    void leavesTheAnswerToTheProblemDetailsOfSpring() {
        application.withBean(ProblemDetails.class).run(context -> {
            MockHttpServletResponse refused = refused(context, get("/dear"));

            assertThat(refused.getStatus()).isEqualTo(429);
            assertThat(refused.getContentType()).isEqualTo("application/problem+json");
            assertThat(refused.getContentAsString()).contains("\"detail\":\"Come back later.\"");
            hasHeadersOnce(refused);
        });
    }

    private static void hasHeadersOnce(MockHttpServletResponse refused) {
        assertThat(refused.getHeaders("RateLimit-Policy")).containsExactly("\"dear\";q=3;w=60");
        assertThat(refused.getHeaders("RateLimit")).singleElement().asString().startsWith("\"dear\";r=0;t=");
        assertThat(refused.getHeaders("Retry-After")).singleElement().asString().containsOnlyDigits();
    }

    @Test
    void countsByPrincipalOrElseByAddress() {
        application.run(context -> {
            answer(context, get("/api/a").principal(() -> "ada"));
            assertThat(left(answer(context, get("/api/a").principal(() -> "ada").with(from("192.0.2.9")))))
                    .isZero();
            assertThat(left(answer(context, get("/api/a").principal(() -> "bob"))))
                    .isEqualTo(1);
            assertThat(left(answer(context, get("/api/a").with(from("192.0.2.9")))))
                    .isEqualTo(1);
        });
    }

    @Test
    void countsByAddressWhereAPrincipalIsNotUnicode() {
        application.run(context -> {
            answer(context, get("/api/a").principal(() -> "\ud800"));

            assertThat(left(answer(context, get("/api/a").principal(() -> "\udfff"))))
                    .isZero();
            assertThat(left(answer(context, get("/api/a").principal(() -> "?"))))
                    .isEqualTo(1);
        });
    }

    @Test
    void asksTheApplicationForTheUser() {
        RateLimitSubject byToken = request -> Optional.ofNullable(request.getHeader("Token"));
        application.withBean(RateLimitSubject.class, () -> byToken).run(context -> {
            answer(context, get("/api/a").header("Token", "ada"));
            assertThat(left(answer(context, get("/api/a").header("Token", "ada"))))
                    .isZero();
            assertThat(left(answer(context, get("/api/a").header("Token", "x".repeat(5000)))))
                    .isEqualTo(1);
        });
    }

    @Test
    void countsAMethodByItsAnnotation() {
        application.run(context -> {
            // With a longer timeout, for the classes that a first request loads.
            answer(context, get("/api/a"));

            MockHttpServletResponse first = answer(context, get("/dear").header("X-Api-Key", "key"));
            MockHttpServletResponse second = answer(context, get("/dear").header("X-Api-Key", "key"));

            assertThat(first.getHeader("RateLimit-Policy")).isEqualTo("\"dear\";q=3;w=60");
            assertThat(left(first)).isEqualTo(1);
            assertThat(second.getStatus()).isEqualTo(429);
            assertThat(left(answer(context, get("/dear").header("X-Api-Key", "other"))))
                    .isEqualTo(1);
            assertThat(left(answer(context, get("/dear")))).isEqualTo(1);
        });
    }

    @Test
    void prefersPropertiesToAnAnnotation() {
        application
                .withPropertyValues(
                        "forge.rate-limit.rules.dear.permits=10",
                        "forge.rate-limit.rules.dear.period=2m",
                        "forge.rate-limit.rules.dear.algorithm=token-bucket")
                .run(context -> assertThat(answer(context, get("/dear")).getHeader("RateLimit-Policy"))
                        .isEqualTo("\"dear\";q=10;w=120"));
    }

    @Test
    void trustsOnlyTrustedProxiesForTheAddressOfARequest() {
        application
                .withPropertyValues("forge.rate-limit.trusted-proxies=10.0.0.0/8")
                .run(context -> {
                    answer(
                            context,
                            get("/api/a").with(from("10.1.2.3")).header("X-Forwarded-For", "6.6.6.6, 192.0.2.1"));
                    assertThat(left(answer(
                                    context,
                                    get("/api/a")
                                            .with(from("10.9.9.9"))
                                            .header("X-Forwarded-For", "7.7.7.7, 192.0.2.1, 10.1.1.1"))))
                            .isZero();
                    assertThat(left(answer(
                                    context,
                                    get("/api/a").with(from("192.0.2.2")).header("X-Forwarded-For", "192.0.2.1"))))
                            .isEqualTo(1);
                });
    }

    @Test
    void decidesByTheOutageSettingDuringAnOutage() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            application
                    .withPropertyValues("forge.redis.connection-url=" + server.url())
                    .withBean(Limited.class)
                    .run(context -> {
                        server.kill();

                        MockHttpServletResponse allowed = answer(context, get("/api/a"));
                        MockHttpServletResponse denied = answer(context, get("/limited"));

                        assertThat(allowed.getStatus()).isEqualTo(200);
                        assertThat(allowed.getHeaderNames())
                                .contains("RateLimit-Policy")
                                .doesNotContain("RateLimit");
                        assertThat(denied.getStatus()).isEqualTo(429);
                        assertThat(denied.getHeader("Retry-After")).isEqualTo("1");
                    });
        }
    }

    @Test
    void doesNotStartWithAnInvalidLimit() {
        application
                .withBean(Contradicting.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("rate limits of one name must be equal"));
        application
                .withBean(WithoutPermits.class)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("the rate limit none cannot be used: permits must be from 1"));
    }

    @RestController
    static class WithoutPermits {

        @RateLimit(name = "none", permits = 0, period = "60s")
        @GetMapping("/none")
        String none() {
            return "none";
        }
    }

    @RestController
    static class SameLimitsOtherwise {

        @RateLimit(name = "same", permits = 4, period = "1m")
        @GetMapping("/one")
        String one() {
            return "one";
        }

        @RateLimit(name = "same", permits = 4, period = "60", cost = 2)
        @GetMapping("/two")
        String two() {
            return "two";
        }
    }

    @RestController
    static class OtherSubject {

        @RateLimit(name = "same", permits = 4, period = "1m", subject = "address")
        @GetMapping("/other")
        String other() {
            return "other";
        }
    }

    @RestController
    static class OtherAlgorithm {

        @RateLimit(name = "same", permits = 4, period = "1m", algorithm = Algorithm.TOKEN_BUCKET)
        @GetMapping("/other")
        String other() {
            return "other";
        }
    }

    @RestController
    static class OtherOutage {

        @RateLimit(name = "same", permits = 4, period = "1m", onOutage = OnOutage.DENY)
        @GetMapping("/other")
        String other() {
            return "other";
        }
    }

    @Test
    void startsWithEqualLimitsOfOneName() {
        application
                .withBean(SameLimitsOtherwise.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @ValueSource(classes = {OtherSubject.class, OtherAlgorithm.class, OtherOutage.class})
    void doesNotStartWithTwoDifferentLimitsOfOneName(Class<?> other) {
        application
                .withBean(SameLimitsOtherwise.class)
                .withBean(other)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("rate limits of one name must be equal, but same is"));
    }

    @Test
    void prefersPropertiesToDifferentAnnotations() {
        application
                .withBean(SameLimitsOtherwise.class)
                .withBean(OtherSubject.class)
                .withPropertyValues("forge.rate-limit.rules.same.permits=9", "forge.rate-limit.rules.same.period=1m")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void worksWithoutTheWeb() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeRateLimitAutoConfiguration.class))
                .withPropertyValues("forge.redis.connection-url=" + SERVER.url())
                .withClassLoader(new FilteredClassLoader("org.springframework.web", "jakarta.servlet"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("forgeRateLimitRules"));
    }

    private static org.springframework.test.web.servlet.request.RequestPostProcessor from(String address) {
        return request -> {
            request.setRemoteAddr(address);
            return request;
        };
    }

    private static MockHttpServletResponse answer(WebApplicationContext context, MockHttpServletRequestBuilder request)
            throws Exception {
        MockMvc mvc = MockMvcBuilders.webAppContextSetup(context).build();
        return mvc.perform(request).andReturn().getResponse();
    }

    /** Returns the answer to the second of two such requests, which together cost more than there is. */
    private static MockHttpServletResponse refused(WebApplicationContext context, MockHttpServletRequestBuilder request)
            throws Exception {
        // With a longer timeout, for the classes that a first request loads.
        answer(context, get("/api/a"));
        answer(context, request);
        return answer(context, request);
    }

    private static int left(MockHttpServletResponse response) {
        return Integer.parseInt(String.valueOf(response.getHeader("RateLimit")).replaceAll(".*;r=(\\d+);.*", "$1"));
    }
}
