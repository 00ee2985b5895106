// forge:file redis
package com.example.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class SessionTest {
    private static final String PASSWORD = "\"password\": \"" + SessionClient.PASSWORD + "\"";

    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @Test
    void keepsTheDataOfALogin() {
        String cookie = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"theme\": \"dark\"}}", ""));

        current(cookie).expectStatus().isOk().expectBody().json("""
                {"user": "ada", "data": {"theme": "dark"}}""");
    }

    @Test
    void setsACookieThatScriptsAndOtherSitesCannotUse() {
        start("{\"user\": \"ada\", " + PASSWORD + "}", "")
                .expectStatus()
                .isCreated()
                .expectHeader()
                .valueMatches(
                        HttpHeaders.SET_COOKIE,
                        "session=[\\w-]{43}; Path=/; Max-Age=86400; Expires=[^;]+; HttpOnly; SameSite=Lax");
    }

    @Test
    void keepsTheIdOutOfBodiesRedisAndLogs(CapturedOutput log) {
        ResponseSpec response = start("{\"user\": \"ada\", " + PASSWORD + "}", "");
        String body = response.expectBody(String.class).returnResult().getResponseBody();
        String cookie = SessionClient.cookie(response);
        String id = cookie.substring(cookie.indexOf('=') + 1);
        current(cookie).expectStatus().isOk();

        assertThat(body).contains("ada").doesNotContain(id);
        assertThat(redis.getSyncClient().keys("*")).isNotEmpty().noneMatch(key -> key.contains(id));
        assertThat(log).doesNotContain(id);
    }

    @Test
    void neverAdoptsTheSessionIdOfALoginRequest() {
        String planted = "session=" + "A".repeat(43);

        String cookie = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + "}", planted));

        assertThat(cookie).isNotEqualTo(planted);
        current(planted).expectStatus().isUnauthorized();
    }

    @Test
    void endsTheOldSessionAtANewLogin() {
        String old = SessionClient.login(client, "ada");

        String renewed = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + "}", old));

        current(old).expectStatus().isUnauthorized();
        current(renewed).expectStatus().isOk();
    }

    @Test
    void givesAUserWhoLogsInAgainTheSameSessionUnderANewId() {
        String old = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"theme\": \"dark\"}}", ""));

        String renewed = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"step\": \"2\"}}", old));

        assertThat(renewed).isNotEqualTo(old);
        current(old).expectStatus().isUnauthorized();
        current(renewed).expectBody().json("""
                {"user": "ada", "data": {"theme": "dark", "step": "2"}}""");
    }

    @Test
    void givesALoginASessionThatLastsAsLongAsAnyOther() throws InterruptedException {
        ResponseSpec first = start("{\"user\": \"ada\", " + PASSWORD + "}", "");
        Thread.sleep(20);

        ResponseSpec second = start("{\"user\": \"ada\", " + PASSWORD + "}", SessionClient.cookie(first));

        assertThat(expiresAt(second)).isAfter(expiresAt(first));
    }

    private static Instant expiresAt(ResponseSpec login) {
        String body = String.valueOf(login.expectBody(String.class).returnResult().getResponseBody());
        return Instant.parse(body.replaceAll(".*\"expiresAt\":\"([^\"]*)\".*", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "alan"})
    void keepsTheOldSessionWhenALoginIsRefused(String user) {
        String cookie = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"theme\": \"dark\"}}", ""));
        String data = "{\"large\": \"" + "x".repeat(17_000) + "\"}";

        start("{\"user\": \"" + user + "\", " + PASSWORD + ", \"data\": " + data + "}", cookie).expectStatus().isEqualTo(422);

        current(cookie).expectStatus().isOk().expectBody().json("""
                {"user": "ada", "data": {"theme": "dark"}}""");
    }

    @Test
    void keepsTheOldSessionWhenTheDataOfTwoLoginsIsTooMuchTogether() {
        String login = "{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"%s\": \"" + "x".repeat(10_000) + "\"}}";
        String cookie = SessionClient.cookie(start(login.formatted("one"), ""));

        start(login.formatted("two"), cookie).expectStatus().isEqualTo(422);

        current(cookie).expectStatus().isOk();
    }

    @ParameterizedTest
    @MethodSource
    void namesTheRuleThatTheDataOfALoginBreaks(Map<String, String> data, String rule) {
        client.post()
                .uri("/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("user", "ada", "password", SessionClient.PASSWORD, "data", data))
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.detail")
                .value(detail -> assertThat(detail).asString().contains(rule));
    }

    static Stream<Arguments> namesTheRuleThatTheDataOfALoginBreaks() {
        Map<String, String> many = IntStream.range(0, 64).boxed().collect(Collectors.toMap(i -> "name" + i, i -> ""));
        return Stream.of(
                Arguments.of(many, "at most 64 attributes"),
                Arguments.of(Map.of("n".repeat(129), ""), "from 1 to 128 characters"),
                Arguments.of(Map.of("emoji", "\ud83d\ude00".repeat(4_100)), "at most 16384 bytes"));
    }

    @Test
    void leavesNothingOfAnotherUserInTheSessionOfALogin() {
        String adas = SessionClient.cookie(start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"theme\": \"dark\"}}", ""));

        String alans = SessionClient.cookie(start("{\"user\": \"alan\", " + PASSWORD + "}", adas));

        current(adas).expectStatus().isUnauthorized();
        current(alans).expectBody().jsonPath("$.user").isEqualTo("alan").jsonPath("$.data.theme").doesNotExist();
    }

    @Test
    void doesNotLetSessionDataChangeTheUser() {
        String cookie = SessionClient.cookie(
                start("{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"user\": \"root\", \"user_id\": \"1\"}}", ""));

        current(cookie).expectBody().jsonPath("$.user").isEqualTo("ada");
    }

    @Test
    void listsTheSessionsOfAUserWithoutTheirIds() {
        String phone = SessionClient.login(client, "grace");
        SessionClient.login(client, "grace");

        String body = all(HttpMethod.GET, phone)
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(body).containsPattern("device.*device").doesNotContain(phone.substring(phone.indexOf('=') + 1));
    }

    @Test
    void endsAllSessionsOfAUserAndNoOther() {
        String phone = SessionClient.login(client, "grace");
        String laptop = SessionClient.login(client, "grace");
        String alans = SessionClient.login(client, "alan");

        all(HttpMethod.DELETE, phone)
                .expectStatus()
                .isNoContent()
                .expectHeader()
                .valueMatches(HttpHeaders.SET_COOKIE, "session=; Path=/; Max-Age=0; .*");

        current(phone).expectStatus().isUnauthorized();
        current(laptop).expectStatus().isUnauthorized();
        current(alans).expectStatus().isOk();
        all(HttpMethod.DELETE, laptop).expectStatus().isUnauthorized();
    }

    @Test
    void endsTheSessionOnRequest() {
        String cookie = SessionClient.login(client, "ada");

        client.delete()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isNoContent()
                .expectHeader()
                .valueMatches(HttpHeaders.SET_COOKIE, "session=; Path=/; Max-Age=0; .*");

        current(cookie).expectStatus().isUnauthorized();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "session=", "session=unknown", "session=%2A", "other=cookie"})
    void answers401WithoutASession(String cookie) {
        current(cookie).expectStatus().isUnauthorized().expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"user\": \"ada\"}",
                "{\"user\": \"ada\", \"password\": \"\"}",
                "{\"user\": \" \", " + PASSWORD + "}",
                "{\"user\": \"a\\nb\", " + PASSWORD + "}",
                "{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"theme\": null}}",
                "{\"user\": \"ada\", " + PASSWORD + ", \"data\": {\"\": \"dark\"}}",
            })
    void refusesAnUnusableLogin(String body) {
        start(body, "").expectStatus().isBadRequest();
    }

    private ResponseSpec start(String body, String cookie) {
        return client.post()
                .uri("/sessions")
                .header(HttpHeaders.COOKIE, cookie)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }

    private ResponseSpec all(HttpMethod method, String cookie) {
        return client.method(method)
                .uri("/sessions")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange();
    }

    private ResponseSpec current(String cookie) {
        return client.get()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange();
    }
}
