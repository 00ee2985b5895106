// forge:file redis
package com.example.app.session;

import dev.forge.redis.session.SessionStore;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Logs in as a browser would, and returns the cookie. */
public final class SessionClient {
    /** The password of all sample users in tests. */
    public static final String PASSWORD = "correct-horse";

    private SessionClient() {}

    /** The cookie of a new session, as {@code name=value}. */
    public static String login(RestTestClient client, String user) {
        return cookie(client.post()
                .uri("/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .body(credentials(user, PASSWORD))
                .exchange()
                .expectStatus()
                .isCreated());
    }

    /** The cookie of a user whose requests no other test has counted. */
    public static String loginOfNewUser(SessionStore sessions) {
        return "session=" + sessions.create(UUID.randomUUID().toString(), Map.of()).id().value();
    }

    static Map<String, String> credentials(String user, String password) {
        return Map.of("user", user, "password", password);
    }

    static String cookie(RestTestClient.ResponseSpec response) {
        String header = response.returnResult(String.class).getResponseHeaders().getFirst(HttpHeaders.SET_COOKIE);
        return header.substring(0, header.indexOf(';'));
    }
}
