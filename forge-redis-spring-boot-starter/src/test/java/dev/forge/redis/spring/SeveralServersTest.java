package dev.forge.redis.spring;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.forge.redis.session.SessionStore;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.ratelimit.ForgeRateLimitAutoConfiguration;
import dev.forge.redis.spring.session.ForgeSessionAutoConfiguration;
import dev.forge.redis.test.EmbeddedRedis;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/** Caches, sessions and limits on the server that each names. */
class SeveralServersTest {

    @AutoClose
    private final EmbeddedRedis plain = EmbeddedRedis.start();

    @AutoClose
    private final EmbeddedRedis other = EmbeddedRedis.start();

    private final WebApplicationContextRunner application = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ForgeRedisAutoConfiguration.class,
                    ForgeCacheManagerAutoConfiguration.class,
                    ForgeSessionAutoConfiguration.class,
                    ForgeRateLimitAutoConfiguration.class))
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                    "forge.redis.connection-url=" + plain.url(),
                    "forge.redis.servers.other.connection-url=" + other.url());

    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @EnableWebMvc
    @RestController
    static class Application {
        @GetMapping({"/one", "/two"})
        String any() {
            return "pong";
        }
    }

    @Test
    void cachesWhereTheCacheOrElseTheDefaultsSay() {
        application
                .withPropertyValues("forge.cache.defaults.server=other", "forge.cache.caches.near.server=default")
                .run(context -> {
                    put(context.getBean(CacheManager.class), "far");
                    put(context.getBean(CacheManager.class), "near");

                    assertThat(other.command("KEYS", "*::key")).contains("far").doesNotContain("near");
                    assertThat(plain.command("KEYS", "*::key")).contains("near").doesNotContain("far");
                });
    }

    @Test
    void keepsSessionsWhereTheySay() {
        application.withPropertyValues("forge.session.server=other").run(context -> {
            context.getBean(SessionStore.class).create("ada", Map.of());

            assertThat(other.command("KEYS", "session::*")).isNotEmpty();
            assertThat(plain.command("KEYS", "session::*")).isEmpty();
        });
    }

    @Test
    void countsWhereTheRuleOrElseAllRulesSay() {
        application
                .withPropertyValues(
                        "forge.rate-limit.server=other",
                        "forge.rate-limit.rules.one.paths=/one",
                        "forge.rate-limit.rules.one.permits=5",
                        "forge.rate-limit.rules.one.period=60",
                        "forge.rate-limit.rules.two.paths=/two",
                        "forge.rate-limit.rules.two.permits=5",
                        "forge.rate-limit.rules.two.period=60",
                        "forge.rate-limit.rules.two.server=default")
                .run(context -> {
                    MockMvc mvc = MockMvcBuilders.webAppContextSetup(
                                    (WebApplicationContext) requireNonNull(context.getSourceApplicationContext()))
                            .build();
                    mvc.perform(get("/one"));
                    mvc.perform(get("/two"));

                    assertThat(other.command("KEYS", "*one*")).isNotEmpty();
                    assertThat(other.command("KEYS", "*two*")).isEmpty();
                    assertThat(plain.command("KEYS", "*two*")).isNotEmpty();
                    assertThat(plain.command("KEYS", "*one*")).isEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forge.session.server",
                "forge.cache.defaults.server",
                "forge.cache.caches.books.server",
                "forge.rate-limit.server",
                "forge.rate-limit.rules.one.server"
            })
    void doesNotStartWithAnUnknownServer(String property) {
        application
                .withPropertyValues(
                        property + "=others",
                        "forge.rate-limit.rules.one.permits=5",
                        "forge.rate-limit.rules.one.period=60")
                .run(context -> assertThat(requireNonNull(context.getStartupFailure()))
                        .hasStackTraceContaining(
                                property + " must be one of the servers default, other, but was 'others'"));
    }

    private static void put(CacheManager caches, String name) {
        requireNonNull(caches.getCache(name)).put("key", "value");
    }
}
