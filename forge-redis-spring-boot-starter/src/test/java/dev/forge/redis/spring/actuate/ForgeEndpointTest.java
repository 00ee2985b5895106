package dev.forge.redis.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import dev.forge.redis.spring.cache.ForgeCacheManagerAutoConfiguration;
import dev.forge.redis.spring.connection.ForgeRedisAutoConfiguration;
import dev.forge.redis.spring.observe.ForgeObserveAutoConfiguration;
import dev.forge.redis.spring.observe.ObservedService;
import dev.forge.redis.spring.observe.ObservedService.Library;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ForgeEndpointTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static ConfigurableApplicationContext service;

    @BeforeAll
    static void start() {
        service = ObservedService.startAndUse("management.endpoint.forge.access=unrestricted");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void showsTheConnectionsAndTheCaches() throws Exception {
        assertThat(get("/forge"))
                .contains("\"redisManager\":{", "\"up\":true", "\"tracking\":\"LIVE\"")
                .contains("\"books\":{", "\"names\":{", "\"misses\":");
    }

    @Test
    void diagnoses() throws Exception {
        assertThat(get("/forge/diagnose")).contains("\"findings\":[");
    }

    @Test
    void explainsAKeyWithoutItsValue() throws Exception {
        service.getBean(Library.class).title("7");

        assertThat(get("/forge/caches/books?key=7"))
                .contains("\"state\":\"VALUE\"")
                .doesNotContain("Book 7");
        assertThat(send("GET", "/forge/caches/nothing?key=7").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/forge/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void removesOneValueOrAll() throws Exception {
        service.getBean(Library.class).title("8");
        service.getBean(Library.class).title("9");

        assertThat(send("DELETE", "/forge/caches/books?key=8").body()).contains("\"removed\":1");
        assertThat(get("/forge/caches/books?key=8")).contains("\"state\":\"NOTHING\"");
        assertThat(get("/forge/caches/books?key=9")).contains("\"state\":\"VALUE\"");
        send("DELETE", "/forge/caches/books");
        assertThat(get("/forge/caches/books?key=9")).contains("\"state\":\"NOTHING\"");
    }

    @Test
    void refusesToRemoveFromACacheThatIsNotThere() throws Exception {
        assertThat(send("DELETE", "/forge/caches/nothing").statusCode()).isEqualTo(400);
        assertThat(send("DELETE", "/forge/caches/nothing?key=7").statusCode()).isEqualTo(400);
        assertThat(send("DELETE", "/forge/nothing/books").statusCode()).isEqualTo(400);
    }

    @Test
    void saysWhyMethodsAreNotCached() throws Exception {
        String report = get("/forge/caching");

        assertThat(report).contains("\"problems\":[]", "\"evictionPolicy\":\"noeviction\"");
        assertThat(method(report, "title"))
                .contains("\"ttl\":\"PT5M\"")
                .contains("It is called in its own class, by copy");
        assertThat(method(report, "changed")).contains("\"problems\":[]");
        assertThat(method(report, "copy")).contains("It is final");
        assertThat(method(report, "secret")).contains("It is private", "by shelf");
        assertThat(method(report, "shelf")).contains("are not cached in [shelves]");
    }

    @Test
    void theEndpointsOfSpringBootShowCachesAndSessions() throws Exception {
        assertThat(get("/caches")).contains("\"cacheManager\"", "\"books\"");
        assertThat(send("GET", "/sessions/no-such-session").statusCode()).isEqualTo(404);
        assertThat(get("")).contains("/actuator/sessions/{sessionId}", "/actuator/forge");
    }

    @Test
    void removesNothingByDefault() throws Exception {
        try (ConfigurableApplicationContext safe = ObservedService.startAndUse()) {
            safe.getBean(Library.class).title("7");

            assertThat(send(safe, "DELETE", "/forge/caches/books?key=7").statusCode())
                    .isIn(404, 405);
            assertThat(send(safe, "GET", "/forge/caches/books?key=7").body()).contains("\"state\":\"VALUE\"");
        }
    }

    @Test
    void saysThatCachingIsNotEnabledAndThatRedisIsDown() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        ForgeRedisAutoConfiguration.class,
                        ForgeCacheManagerAutoConfiguration.class,
                        ForgeEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=forge",
                        "forge.redis.connection-url=redis://127.0.0.1:1",
                        "management.endpoints.jmx.exposure.include=forge")
                .run(context -> {
                    Object report = context.getBean(ForgeEndpoint.class).view("caching");

                    assertThat(report)
                            .asString()
                            .contains("Caching is not enabled", "There is no CacheManager", "Redis cannot be used");
                });
    }

    @Test
    void knowsACacheThatIsOnlyInjectedByItsName() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(ForgeRedisAutoConfiguration.class, ForgeEndpointAutoConfiguration.class))
                .withUserConfiguration(NamedCache.class)
                .withPropertyValues(
                        "management.endpoints.jmx.exposure.include=forge",
                        "spring.jmx.enabled=true",
                        "forge.redis.connection-url=redis://127.0.0.1:1")
                .run(context -> assertThat(
                                context.getBean(ForgeEndpoint.class).stats().caches())
                        .containsOnlyKeys("titles"));
    }

    @Configuration(proxyBeanMethods = false)
    static class NamedCache {
        @Bean(defaultCandidate = false)
        Cache<String> titles(RedisManager redis) {
            return Cache.builder(redis, "titles", String.class).build();
        }
    }

    @Test
    void worksWithoutActuatorAndWithoutMicrometer() {
        for (String absent : new String[] {"org.springframework.boot.actuate", "io.micrometer"}) {
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(
                            ForgeRedisAutoConfiguration.class,
                            ForgeRedisHealthAutoConfiguration.class,
                            ForgeEndpointAutoConfiguration.class,
                            ForgeObserveAutoConfiguration.class))
                    .withPropertyValues("forge.redis.connection-url=redis://127.0.0.1:1")
                    .withClassLoader(new FilteredClassLoader(absent))
                    .run(context -> assertThat(context)
                            .hasNotFailed()
                            .hasSingleBean(RedisManager.class)
                            .doesNotHaveBean(ForgeEndpoint.class));
        }
    }

    private static String method(String report, String name) {
        int from = report.indexOf("Library." + name + "\"");
        int next = report.indexOf("{\"method\"", from);
        return report.substring(from, next < 0 ? report.length() : next);
    }

    private static String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return send(service, method, path);
    }

    private static HttpResponse<String> send(ConfigurableApplicationContext of, String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://localhost:" + of.getEnvironment().getProperty("local.server.port") + "/actuator" + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }
}
