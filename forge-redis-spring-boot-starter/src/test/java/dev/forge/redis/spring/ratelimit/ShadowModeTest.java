package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.RedisManager;
import dev.forge.redis.observe.RedisObserver;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.RedisExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.WebApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class ShadowModeTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private final WebApplicationContextRunner application = LimitedApplication.on(SERVER)
            .withUserConfiguration(LimitedApplication.Api.class)
            .withPropertyValues(
                    "forge.rate-limit.rules.trial.paths=/api",
                    "forge.rate-limit.rules.trial.shadow-mode=true",
                    "forge.rate-limit.rules.trial.permits=2",
                    "forge.rate-limit.rules.trial.period=60",
                    "forge.rate-limit.rules.trial.timeout=10s");

    @Test
    void countsAndRefusesNothing(CapturedOutput output) {
        application.run(context -> {
            for (int i = 0; i < 5; i++) {
                MockHttpServletResponse answer = answer(context);

                assertThat(answer.getContentAsString()).isEqualTo("pong");
                assertThat(answer.getHeaderNames()).doesNotContain("RateLimit", "RateLimit-Policy", "Retry-After");
            }

            MeterRegistry meters = new SimpleMeterRegistry();
            context.getBeansOfType(MeterBinder.class).values().forEach(binder -> binder.bindTo(meters));
            assertThat(count(meters, "allowed")).isEqualTo(2);
            assertThat(count(meters, "denied")).isEqualTo(3);
            assertThat(output).contains("The rate limit trial would have refused 1 request(s)");
        });
    }

    @Test
    void tellsAnObserverThatItsDenialsAreNone() {
        application
                .withPropertyValues(
                        "forge.rate-limit.rules.strict.paths=/api",
                        "forge.rate-limit.rules.strict.permits=100",
                        "forge.rate-limit.rules.strict.period=60",
                        "forge.rate-limit.rules.strict.timeout=10s")
                .run(context -> {
                    List<String> decisions = new CopyOnWriteArrayList<>();
                    context.getBean(RedisManager.class).observe(new RedisObserver() {
                        @Override
                        public void rateLimited(String name, String outcome, String basis) {
                            decisions.add(name + " " + outcome);
                        }
                    });

                    for (int i = 0; i < 3; i++) {
                        assertThat(answer(context).getStatus()).isEqualTo(200);
                    }

                    assertThat(decisions)
                            .filteredOn(each -> each.startsWith("trial"))
                            .containsExactly("trial allowed", "trial allowed", "trial shadow_denied");
                    assertThat(decisions)
                            .filteredOn(each -> each.startsWith("strict"))
                            .containsOnly("strict allowed");
                });
    }

    @Test
    void refusesNothingBeforeSpringSecurityEither() {
        application
                .withPropertyValues("forge.rate-limit.rules.trial.before-security=true")
                .run(context -> {
                    RateLimitRules rules = context.getBean(RateLimitRules.class);
                    for (int i = 0; i < 3; i++) {
                        assertThat(answer(context).getStatus()).isEqualTo(200);
                    }
                    assertThat(rules.shadows().get(0).denied()).isEqualTo(1);
                });
    }

    @Test
    void refusesNothingDuringAnOutage() {
        try (EmbeddedRedis server = EmbeddedRedis.start()) {
            application
                    .withPropertyValues(
                            "forge.redis.connection-url=" + server.url(), "forge.rate-limit.rules.trial.on-outage=deny")
                    .run(context -> {
                        server.kill();

                        assertThat(answer(context).getStatus()).isEqualTo(200);
                        assertThat(context.getBean(RateLimitRules.class)
                                        .shadows()
                                        .get(0)
                                        .denied())
                                .isEqualTo(1);
                    });
        }
    }

    @Test
    void reportsAtMostOnceAMinute(CapturedOutput output) {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        ShadowMode shadow = new ShadowMode("quiet", now::get);

        shadow.decided(true);
        shadow.decided(false);
        shadow.decided(false);
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        shadow.decided(false);
        String first = output.getOut() + output.getErr();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        shadow.decided(false);

        assertThat(first).containsOnlyOnce("quiet").contains("quiet would have refused 1 request(s)");
        assertThat(output).contains("quiet would have refused 3 request(s)");
    }

    @Test
    void worksWithoutMicrometer() {
        application.withClassLoader(new FilteredClassLoader("io.micrometer")).run(context -> {
            assertThat(context).doesNotHaveBean("forgeRateLimitShadowMeters");
            assertThat(answer(context).getStatus()).isEqualTo(200);
        });
    }

    private static double count(MeterRegistry meters, String outcome) {
        return meters.get("forge.rate-limit.shadow")
                .tag("name", "trial")
                .tag("outcome", outcome)
                .functionCounter()
                .count();
    }

    private static MockHttpServletResponse answer(WebApplicationContext context) throws Exception {
        return LimitedApplication.mvc(context).perform(get("/api")).andReturn().getResponse();
    }
}
