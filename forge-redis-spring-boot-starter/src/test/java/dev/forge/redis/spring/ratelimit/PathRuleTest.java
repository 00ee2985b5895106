package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.head;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.options;

import dev.forge.redis.test.RedisExtension;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.util.pattern.PathPatternParser;

/** Which requests a rule for paths counts, as an interceptor and as a filter before Spring Security. */
class PathRuleTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application =
            LimitedApplication.on(SERVER).withUserConfiguration(LimitedApplication.Api.class);

    @RestController
    static class Annotated {

        @RateLimit(name = "once", permits = 5, period = "1h", cost = 2)
        @GetMapping("/annotated")
        String annotated() {
            return "annotated";
        }

        @GetMapping("/deep/path")
        String deep() {
            return "deep";
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void takesAPathWithoutItsFirstSlash(boolean beforeSecurity) {
        application
                .withPropertyValues(rule("slash", beforeSecurity, "paths=api", "permits=5"))
                .run(context -> assertThat(answer(context, get("/api")).getHeaders("RateLimit-Policy"))
                        .hasSize(1));
    }

    /** Spring MVC runs the method of a GET for a HEAD too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsHeadAsGet(boolean beforeSecurity) {
        application
                .withPropertyValues(rule("head", beforeSecurity, "paths=/api", "methods=get", "permits=1"))
                .run(context -> {
                    MockHttpServletResponse first = answer(context, head("/api"));
                    MockHttpServletResponse second = answer(context, get("/api"));
                    MockHttpServletResponse other = answer(context, options("/api"));

                    assertThat(first.getStatus()).isEqualTo(200);
                    assertThat(second.getStatus()).isEqualTo(429);
                    assertThat(other.getHeaderNames()).doesNotContain("RateLimit-Policy");
                });
    }

    @ParameterizedTest
    @CsvSource({"false, 3", "true, 4"})
    void countsARequestOnceIfItsMethodHasALimitOfTheSameName(boolean beforeSecurity, int left) {
        application
                .withBean(Annotated.class)
                .withPropertyValues(rule("once", beforeSecurity, "paths=/**", "permits=5"))
                .run(context -> {
                    MockHttpServletResponse annotated = answer(context, get("/annotated"));
                    MockHttpServletResponse other = answer(context, get("/api"));

                    assertThat(annotated.getHeaders("RateLimit-Policy")).hasSize(1);
                    assertThat(annotated.getHeaders("RateLimit"))
                            .singleElement()
                            .asString()
                            .startsWith("\"once\";r=" + left + ";");
                    assertThat(other.getHeader("RateLimit")).startsWith("\"once\";r=" + (left - 1) + ";");
                });
    }

    /** The routes of an application in which the case of a path does not matter. */
    static class AnyCase implements WebMvcConfigurer {

        @Override
        public void configurePathMatch(PathMatchConfigurer paths) {
            PathPatternParser parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            paths.setPatternParser(parser);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ignoresTheCaseOfAPathWhereItsRouteDoes(boolean beforeSecurity) {
        application
                .withBean(AnyCase.class)
                .withPropertyValues(rule("case", beforeSecurity, "paths=/api", "permits=1"))
                .run(context -> {
                    assertThat(answer(context, get("/api")).getStatus()).isEqualTo(200);
                    assertThat(answer(context, get("/API")).getStatus()).isEqualTo(429);
                });
    }

    /** The routes of an application that has stayed with the older way to compare paths. */
    static class Ant implements WebMvcConfigurer {

        @Override
        @SuppressWarnings({"deprecation", "removal"})
        public void configurePathMatch(PathMatchConfigurer paths) {
            paths.setPathMatcher(new AntPathMatcher());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/deep/path", "/**/path", "/deep/**/path"})
    void comparesPathsAsAntPathMatcherWhereRoutesDo(String paths) {
        application
                .withBean(Annotated.class)
                .withBean(Ant.class)
                .withPropertyValues(rule("ant", false, "paths=" + paths, "permits=1"))
                .run(context -> {
                    assertThat(answer(context, get("/deep/path")).getStatus()).isEqualTo(200);
                    assertThat(answer(context, get(URI.create("/deep//path"))).getStatus())
                            .isEqualTo(429);
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/deep//path",
                "//deep/path",
                "/;x/deep/path",
                "/deep/;x/path",
                "/deep/;x//;y=1/path",
                "/;x//deep;y/path"
            })
    void countsAPathWithEmptySegmentsBeforeSecurityToo(String spelling) {
        application
                .withBean(Annotated.class)
                .withBean(Ant.class)
                .withPropertyValues(rule("slashes", true, "paths=/deep/path", "permits=1"))
                .run(context -> {
                    assertThat(answer(context, get("/deep/path")).getStatus()).isEqualTo(200);
                    assertThat(answer(context, get(URI.create("http://localhost" + spelling)))
                                    .getStatus())
                            .isEqualTo(429);
                });
    }

    /** As of Spring Data REST, of WebSocket or of Actuator. */
    @ParameterizedTest
    @CsvSource({"false, 200", "true, 429"})
    void reachesAHandlerOfAnotherMappingOnlyBeforeSecurity(boolean beforeSecurity, int second) {
        HttpRequestHandler handler = (request, response) -> response.setStatus(200);
        application
                .withBean(
                        "other",
                        SimpleUrlHandlerMapping.class,
                        () -> new SimpleUrlHandlerMapping(Map.of("/other", handler)))
                .withPropertyValues(rule("other", beforeSecurity, "paths=/other", "permits=1"))
                .run(context -> {
                    assertThat(answer(context, get("/other")).getStatus()).isEqualTo(200);
                    assertThat(answer(context, get("/other")).getStatus()).isEqualTo(second);
                });
    }

    private static String[] rule(String name, boolean beforeSecurity, String... properties) {
        return Stream.concat(
                        Stream.of(properties),
                        Stream.of("period=1h", "timeout=10s", "before-security=" + beforeSecurity))
                .map(property -> "forge.rate-limit.rules." + name + "." + property)
                .toArray(String[]::new);
    }

    private static MockHttpServletResponse answer(
            AssertableWebApplicationContext context, MockHttpServletRequestBuilder request) throws Exception {
        return LimitedApplication.mvc(requireNonNull(context.getSourceApplicationContext()))
                .perform(request)
                .andReturn()
                .getResponse();
    }
}
