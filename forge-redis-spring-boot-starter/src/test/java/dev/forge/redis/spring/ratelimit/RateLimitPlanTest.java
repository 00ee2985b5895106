package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.test.RedisExtension;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

class RateLimitPlanTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner withoutPlan = LimitedApplication.on(SERVER)
            .withUserConfiguration(LimitedApplication.Api.class)
            .withPropertyValues(
                    "forge.rate-limit.rules.api.paths=/api",
                    "forge.rate-limit.rules.api.permits=2",
                    "forge.rate-limit.rules.api.period=60",
                    "forge.rate-limit.rules.api.plans.pro.permits=5",
                    "forge.rate-limit.rules.api.plans.partner.permits=9",
                    "forge.rate-limit.rules.api.plans.partner.period=2m",
                    "forge.rate-limit.rules.api.subject=header:Caller",
                    "forge.rate-limit.rules.api.timeout=10s");

    private final WebApplicationContextRunner application =
            withoutPlan.withBean(RateLimitPlan.class, () -> request -> Optional.ofNullable(request.getHeader("Plan")));

    @RestController
    static class Dear {

        @RateLimit(name = "api", permits = 1, period = "1s", cost = 2)
        @GetMapping("/dear")
        String dear() {
            return "dear";
        }
    }

    @Test
    void givesCallersTheLimitOfTheirPlan() {
        application.run(context -> {
            assertThat(policy(context, "ada", "pro")).isEqualTo("\"api\";q=5;w=60");
            assertThat(policy(context, "bob", "partner")).isEqualTo("\"api\";q=9;w=120");
            assertThat(policy(context, "eve", "")).isEqualTo("\"api\";q=2;w=60");
            assertThat(policy(context, "kim", "unknown")).isEqualTo("\"api\";q=2;w=60");
        });
    }

    @Test
    void countsOnAfterAChangeOfPlan() {
        application.run(context -> {
            answer(context, "ada", "");
            answer(context, "ada", "");
            assertThat(answer(context, "ada", "").getStatus()).isEqualTo(429);

            assertThat(answer(context, "ada", "pro").getHeader("RateLimit")).startsWith("\"api\";r=2;t=");
        });
    }

    @Test
    void usesTheLimitOfTheRuleWithoutABean() {
        withoutPlan.run(context -> assertThat(policy(context, "ada", "pro")).isEqualTo("\"api\";q=2;w=60"));
    }

    @Test
    void doesNotStartWithACostAboveThatOfAPlan() {
        application
                .withBean(Dear.class)
                .withPropertyValues("forge.rate-limit.rules.api.plans.free.permits=1")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .hasStackTraceContaining("cost of the rate limit api must be from 1 to 1, but was 2"));
    }

    private static String policy(WebApplicationContext context, String caller, String plan) throws Exception {
        return String.valueOf(answer(context, caller, plan).getHeader("RateLimit-Policy"));
    }

    private static MockHttpServletResponse answer(WebApplicationContext context, String caller, String plan)
            throws Exception {
        return MockMvcBuilders.webAppContextSetup(context)
                .build()
                .perform(get("/api").header("Caller", caller).header("Plan", plan))
                .andReturn()
                .getResponse();
    }
}
