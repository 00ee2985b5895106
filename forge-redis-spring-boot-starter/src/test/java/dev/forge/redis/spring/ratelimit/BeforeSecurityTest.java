package dev.forge.redis.spring.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.redis.test.RedisExtension;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Rules with {@code before-security} in an application with Spring Security's form login, on Tomcat. */
class BeforeSecurityTest {

    @RegisterExtension
    static final RedisExtension SERVER = RedisExtension.create();

    private static ConfigurableApplicationContext application;

    private final HttpClient client = HttpClient.newHttpClient();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Application {

        @Bean
        SecurityFilterChain security(HttpSecurity http) {
            return http.csrf(AbstractHttpConfigurer::disable)
                    .formLogin(Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/open")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        @GetMapping("/open")
        String open() {
            return "open";
        }
    }

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.port=0",
                        "server.servlet.context-path=/shop",
                        "server.forward-headers-strategy=framework",
                        "spring.security.user.name=ada",
                        "spring.security.user.password=right",
                        "forge.redis.connection-url=" + SERVER.url(),
                        "forge.rate-limit.rules.login.paths=/login",
                        "forge.rate-limit.rules.login.methods=post",
                        "forge.rate-limit.rules.login.before-security=true",
                        "forge.rate-limit.rules.login.permits=2",
                        "forge.rate-limit.rules.login.period=60",
                        "forge.rate-limit.rules.login.subject=header:Caller",
                        "forge.rate-limit.rules.login.timeout=10s",
                        "forge.rate-limit.trusted-proxies=10.0.0.0/8",
                        "forge.rate-limit.rules.visits.paths=/visits",
                        "forge.rate-limit.rules.visits.before-security=true",
                        "forge.rate-limit.rules.visits.permits=2",
                        "forge.rate-limit.rules.visits.period=60",
                        "forge.rate-limit.rules.visits.subject=address",
                        "forge.rate-limit.rules.visits.timeout=10s",
                        "forge.rate-limit.rules.open.paths=/open",
                        "forge.rate-limit.rules.open.permits=1",
                        "forge.rate-limit.rules.open.period=60",
                        "forge.rate-limit.rules.open.subject=header:Caller",
                        "forge.rate-limit.rules.open.timeout=10s")
                .run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void refusesALoginBeforeSpringSecurityTriesThePassword() throws Exception {
        HttpResponse<String> wrong = login("/login", "wrong", "ada");
        HttpResponse<String> right = login("/login", "right", "ada");
        HttpResponse<String> refused = login("/login", "right", "ada");

        assertThat(wrong.headers().firstValue("Location").orElse("")).endsWith("/login?error");
        assertThat(wrong.headers().allValues("RateLimit-Policy")).containsExactly("\"login\";q=2;w=60");
        assertThat(right.headers().firstValue("Location").orElse("")).endsWith("/shop/");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(login("/login", "right", "bob").statusCode()).isEqualTo(302);
    }

    @Test
    void leavesOtherMethodsAndPathsAlone() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> page = get("/login", "reader");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().allValues("RateLimit-Policy")).isEmpty();
        }
        assertThat(login("/logout", "right", "reader").headers().allValues("RateLimit-Policy"))
                .isEmpty();
    }

    @Test
    void countsAPathHoweverItIsSpelled() throws Exception {
        login("/%6cogin", "wrong", "speller");
        login("/log%69n", "wrong", "speller");

        assertThat(login("/login", "right", "speller").statusCode()).isEqualTo(429);
    }

    @Test
    void countsCallersWhoInventAddressesByTheirOwn() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            HttpRequest.Builder visit = request("/visits", "liar").header("X-Forwarded-For", "203.0.113." + i);
            statuses.add(send(visit.GET()).statusCode());
        }

        assertThat(statuses).containsExactly(302, 302, 429);
    }

    @Test
    void answersAsALimitBehindSpringSecurityDoes() throws Exception {
        login("/login", "wrong", "eve");
        login("/login", "wrong", "eve");
        HttpResponse<String> early = login("/login", "wrong", "eve");
        get("/open", "eve");
        HttpResponse<String> late = get("/open", "eve");

        assertThat(early.statusCode()).isEqualTo(429).isEqualTo(late.statusCode());
        assertThat(early.body()).contains("\"violated-policies\":[\"login\"]", "\"instance\":\"/shop/login\"");
        assertThat(neutral(early.body())).isEqualTo(neutral(late.body()));
        for (String header : new String[] {"Content-Type", "RateLimit", "RateLimit-Policy", "Retry-After"}) {
            assertThat(neutral(early.headers().allValues(header).toString()))
                    .as(header)
                    .isNotEqualTo("[]")
                    .isEqualTo(neutral(late.headers().allValues(header).toString()));
        }
    }

    /** Without what differs: the name, the quota and the time. */
    private static String neutral(String text) {
        return text.replace("login", "open")
                .replace("q=2", "q=1")
                .replaceAll("in \\d+ s", "in N s")
                .replaceAll("t=\\d+", "t=N")
                .replaceAll("^\\[\\d+]$", "[N]");
    }

    private HttpResponse<String> login(String path, String password, String caller) throws Exception {
        return send(request(path, caller)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("username=ada&password=" + password)));
    }

    private HttpResponse<String> get(String path, String caller) throws Exception {
        return send(request(path, caller).GET());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, String caller) {
        String port = application.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/shop" + path))
                .header("Caller", caller);
    }
}
