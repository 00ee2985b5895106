package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.options;

import dev.forge.redis.test.RedisExtension;
import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

/** Limits beside what else an application has: inherited methods, preflights, and a filter of its own. */
class SeveralControllersTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application =
            LimitedApplication.on(SERVER).withUserConfiguration(LimitedApplication.Api.class);

    abstract static class Lists {
        @GetMapping("/list")
        String list() {
            return "list";
        }
    }

    @RateLimit(name = "strict", permits = 1, period = "1h", subject = "header:X-Test")
    @RestController
    @RequestMapping("/strict")
    static class Strict extends Lists {}

    @RestController
    @RequestMapping("/free")
    static class Free extends Lists {}

    /** The same two the other way round: which path comes first must not matter. */
    @RateLimit(name = "strict", permits = 1, period = "1h", subject = "header:X-Test")
    @RestController
    @RequestMapping("/free")
    static class StrictAtFree extends Lists {}

    @RestController
    @RequestMapping("/strict")
    static class FreeAtStrict extends Lists {}

    @RestController
    static class Shared {
        @CrossOrigin("https://shop.example")
        @GetMapping("/api/shared")
        String shared() {
            return "shared";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFilter {
        @Bean
        Filter rateLimitFilter() {
            return (request, response, chain) -> chain.doFilter(request, response);
        }
    }

    @Test
    void limitsTheOneOfTwoControllersWithAnInheritedMethodThatHasTheAnnotation() {
        application.withBean(Free.class).withBean(Strict.class).run(context -> {
            assertIsLimited(requireNonNull(context.getSourceApplicationContext()), "/strict/list", "a");
            assertIsFree(context.getSourceApplicationContext(), "/free/list");
        });
        application.withBean(FreeAtStrict.class).withBean(StrictAtFree.class).run(context -> {
            assertIsLimited(requireNonNull(context.getSourceApplicationContext()), "/free/list", "b");
            assertIsFree(context.getSourceApplicationContext(), "/strict/list");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsNoPreflight(boolean beforeSecurity) {
        application
                .withBean(Shared.class)
                .withPropertyValues(
                        "forge.rate-limit.rules.pre" + beforeSecurity + ".paths=/api/**",
                        "forge.rate-limit.rules.pre" + beforeSecurity + ".permits=1",
                        "forge.rate-limit.rules.pre" + beforeSecurity + ".period=1h",
                        "forge.rate-limit.rules.pre" + beforeSecurity + ".before-security=" + beforeSecurity)
                .run(context -> {
                    WebApplicationContext web = requireNonNull(context.getSourceApplicationContext());
                    for (int i = 0; i < 3; i++) {
                        MockHttpServletResponse preflight = answer(
                                web,
                                options("/api/shared")
                                        .header("Origin", "https://shop.example")
                                        .header("Access-Control-Request-Method", "GET")
                                        .header("Access-Control-Request-Headers", "X-Api-Key"));
                        assertThat(preflight.getStatus()).isEqualTo(200);
                        assertThat(preflight.getHeaderNames())
                                .contains("Access-Control-Allow-Origin")
                                .doesNotContain("RateLimit");
                    }
                });
    }

    @Test
    void startsBesideAFilterOfTheApplicationWithASimilarName() {
        application
                .withUserConfiguration(OwnFilter.class)
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static void assertIsLimited(WebApplicationContext context, String path, String subject) throws Exception {
        answer(context, get(path).header("X-Test", subject));

        assertThat(answer(context, get(path).header("X-Test", subject)).getStatus())
                .isEqualTo(429);
    }

    private static void assertIsFree(WebApplicationContext context, String path) throws Exception {
        assertThat(answer(context, get(path)).getHeaderNames()).doesNotContain("RateLimit");
    }

    private static MockHttpServletResponse answer(WebApplicationContext context, RequestBuilder request)
            throws Exception {
        return LimitedApplication.mvc(context).perform(request).andReturn().getResponse();
    }
}
