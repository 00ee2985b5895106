package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.test.RedisExtension;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletMapping;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.view.BeanNameViewResolver;

class RateLimitFilterTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner bare = LimitedApplication.on(SERVER);

    private final WebApplicationContextRunner limited = bare.withPropertyValues(
            "forge.rate-limit.rules.early.paths=/early/**",
            "forge.rate-limit.rules.early.before-security=true",
            "forge.rate-limit.rules.early.permits=1",
            "forge.rate-limit.rules.early.period=60",
            "forge.rate-limit.rules.early.timeout=10s");

    private final WebApplicationContextRunner application = limited.withUserConfiguration(Mvc.class);

    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    static class Mvc {}

    @RestControllerAdvice
    static class OwnAnswer {

        @ExceptionHandler
        ResponseEntity<String> refused(RateLimitExceededException refusal) {
            return ResponseEntity.status(503).body("own answer for " + refusal.limit());
        }
    }

    @ControllerAdvice
    static class OwnPage {

        @ExceptionHandler
        ModelAndView refused(RateLimitExceededException refusal) {
            return new ModelAndView("busy", Map.of("limit", refusal.limit()), HttpStatus.TOO_MANY_REQUESTS);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Pages {

        @Bean
        BeanNameViewResolver views() {
            return new BeanNameViewResolver();
        }

        @Bean
        View busy() {
            return new View() {
                @Override
                public void render(
                        @Nullable Map<String, ?> model, HttpServletRequest request, HttpServletResponse response)
                        throws Exception {
                    response.getWriter()
                            .write("a page for " + requireNonNull(model).get("limit"));
                }
            };
        }
    }

    @Test
    void leavesTheAnswerToAnAdviceOfTheApplication() {
        application.withBean(OwnAnswer.class).run(context -> {
            MockHttpServletResponse refused = refused(context);

            assertThat(refused.getStatus()).isEqualTo(503);
            assertThat(refused.getContentAsString()).isEqualTo("own answer for early");
            assertThat(refused.getHeaders("RateLimit-Policy")).containsExactly("\"early\";q=1;w=60");
            assertThat(refused.getHeaders("Retry-After")).hasSize(1);
        });
    }

    @Test
    void leavesTheAnswerToAPageOfTheApplication() {
        application.withBean(OwnPage.class).withUserConfiguration(Pages.class).run(context -> {
            MockHttpServletResponse refused = refused(context);

            assertThat(refused.getStatus()).isEqualTo(429);
            assertThat(refused.getContentAsString()).isEqualTo("a page for early");
        });
    }

    @Test
    void refusesWithoutSpringMvcToo() {
        limited.run(context -> {
            RateLimitFilter filter = requireNonNull(filter(context).getFilter());
            MockFilterChain allowed = new MockFilterChain();
            MockFilterChain denied = new MockFilterChain();
            MockHttpServletResponse refused = new MockHttpServletResponse();

            filter.doFilter(new MockHttpServletRequest("GET", "/early/a"), new MockHttpServletResponse(), allowed);
            filter.doFilter(new MockHttpServletRequest("GET", "/early/b"), refused, denied);

            assertThat(allowed.getRequest()).isNotNull();
            assertThat(denied.getRequest()).isNull();
            assertThat(refused.getStatus()).isEqualTo(429);
            assertThat(refused.getHeader("Retry-After")).containsOnlyDigits();
        });
    }

    /** Spring Security compares the path with {@code spring.mvc.servlet.path}, and so does this filter. */
    @ParameterizedTest
    @CsvSource({"/early/**, 1", "/a, 0"})
    void comparesPathsWithThePathOfTheServlet(String path, int headers) {
        limited.withPropertyValues("forge.rate-limit.rules.early.paths=" + path).run(context -> {
            MockHttpServletRequest request = new MockHttpServletRequest("GET", "/shop/early/a");
            request.setContextPath("/shop");
            request.setServletPath("/early");
            request.setHttpServletMapping(new MockHttpServletMapping("a", "/early/*", "mvc", MappingMatch.PATH));
            MockHttpServletResponse response = new MockHttpServletResponse();

            requireNonNull(filter(context).getFilter()).doFilter(request, response, new MockFilterChain());

            assertThat(response.getHeaders("RateLimit-Policy")).hasSize(headers);
        });
    }

    @Test
    void leavesNoParsedPathForTheFiltersBehindIt() {
        limited.run(context -> {
            MockHttpServletRequest request = new MockHttpServletRequest("GET", "/other");

            requireNonNull(filter(context).getFilter())
                    .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());

            assertThat(request.getAttributeNames().asIterator()).isExhausted();
        });
    }

    @Test
    void comesBeforeSpringSecurityWhereverThatIs() {
        limited.run(context -> {
            assertThat(filter(context).getOrder()).isEqualTo(-101);
            assertThat(filter(context).isEnabled()).isTrue();
            assertThat(filter(context).determineDispatcherTypes()).isEqualTo(EnumSet.of(DispatcherType.REQUEST));
        });
        limited.withPropertyValues("spring.security.filter.order=-500")
                .run(context -> assertThat(filter(context).getOrder()).isEqualTo(-501));
    }

    @Test
    void isNoFilterWithoutSuchARule() {
        application
                .withPropertyValues("forge.rate-limit.rules.early.before-security=false")
                .run(context -> {
                    assertThat(filter(context).isEnabled()).isFalse();
                    // An interceptor needs a controller, and there is none.
                    assertThat(refused(context).getStatus()).isEqualTo(404);
                });
    }

    @SuppressWarnings("unchecked")
    private static FilterRegistrationBean<RateLimitFilter> filter(WebApplicationContext context) {
        return context.getBean("forgeRateLimitFilter", FilterRegistrationBean.class);
    }

    private static MockHttpServletResponse refused(WebApplicationContext context) throws Exception {
        MockMvc mvc = LimitedApplication.mvc(context);
        mvc.perform(get("/early/a"));
        return mvc.perform(get("/early/b")).andReturn().getResponse();
    }
}
