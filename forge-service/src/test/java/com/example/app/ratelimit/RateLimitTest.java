// forge:file redis
package com.example.app.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import com.example.app.session.SessionClient;
import dev.forge.redis.session.SessionStore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

@ServiceTest
class RateLimitTest {
    private static final Pattern RATE_LIMIT = Pattern.compile("\"default\";r=(\\d+);t=(\\d+)");

    @Autowired
    RestTestClient client;

    @Autowired
    SessionStore sessions;

    @Test
    void refusesTheRequestAfterTheHundredth() {
        String cookie = SessionClient.loginOfNewUser(sessions);
        for (int left = 99; left >= 0; left--) {
            assertThat(remaining(ping(HttpHeaders.COOKIE, cookie))).isEqualTo(left);
        }

        ResponseSpec refused = ping(HttpHeaders.COOKIE, cookie);

        refused.expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .value(
                        HttpHeaders.RETRY_AFTER,
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 60))
                .expectHeader()
                .valueEquals("RateLimit-Policy", "\"default\";q=100;w=60");
        assertThat(remaining(refused)).isZero();
        ping(HttpHeaders.COOKIE, SessionClient.login(client, "grace"))
                .expectStatus()
                .isOk();
    }

    @Test
    void countsAUserOverAllSessions() {
        int first = remaining(ping(HttpHeaders.COOKIE, SessionClient.login(client, "grace")));
        int second = remaining(ping(HttpHeaders.COOKIE, SessionClient.login(client, "grace")));

        assertThat(second).isEqualTo(first - 1);
    }

    @Test
    void countsByAddressWhateverHeadersTheCallerSends() {
        int first = remaining(ping("X-Forwarded-For", "192.0.2.1"));
        int second = remaining(ping("X-Forwarded-For", "192.0.2.2"));
        int third = remaining(ping("X-User", "ada"));
        int fourth = remaining(ping(HttpHeaders.COOKIE, "session=" + "B".repeat(43)));

        assertThat(new int[] {second, third, fourth}).containsExactly(first - 1, first - 2, first - 3);
    }

    @Test
    void countsAnAsynchronousRequestOnce() {
        String cookie = SessionClient.loginOfNewUser(sessions);

        get("/api/asynchronous", HttpHeaders.COOKIE, cookie).expectStatus().isOk();

        assertThat(remaining(ping(HttpHeaders.COOKIE, cookie))).isEqualTo(98);
    }

    @Test
    void leavesOtherRoutesAlone() {
        get("/users/1/profile", HttpHeaders.ACCEPT, "*/*").expectHeader().doesNotExist("RateLimit");
    }

    private ResponseSpec ping(String header, String value) {
        return get("/api/ping", header, value);
    }

    private ResponseSpec get(String uri, String header, String value) {
        return client.get().uri(uri).header(header, value).exchange();
    }

    private static int remaining(ResponseSpec response) {
        HttpHeaders headers = response.returnResult(String.class).getResponseHeaders();
        Matcher matcher = RATE_LIMIT.matcher(String.valueOf(headers.getFirst("RateLimit")));
        assertThat(matcher.matches()).as("RateLimit of %s", headers).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
