package dev.forge.redis.spring.ratelimit;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.test.RedisExtension;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.DefaultMockMvcBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Servlet applications with rate limits, on the server of a test. */
final class LimitedApplication {

    private LimitedApplication() {}

    /** Returns an application without Spring MVC and without a limit. */
    static WebApplicationContextRunner on(RedisExtension server) {
        return new WebApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeRateLimitAutoConfiguration.class))
                .withPropertyValues("forge.redis.connection-url=" + server.url());
    }

    /** Returns what sends requests to {@code context}, through the filter of limits before security if that is used. */
    static MockMvc mvc(WebApplicationContext context) {
        FilterRegistrationBean<?> limits = context.getBean("forgeRateLimitFilter", FilterRegistrationBean.class);
        DefaultMockMvcBuilder mvc = MockMvcBuilders.webAppContextSetup(context);
        if (limits.isEnabled()) {
            mvc.addFilters(requireNonNull(limits.getFilter()));
        }
        return mvc.build();
    }

    /** Spring MVC with the route {@code /api}. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebMvc
    @RestController
    static class Api {

        @GetMapping("/api")
        String any() {
            return "pong";
        }
    }
}
