// forge:file redis
package com.example.app.session;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
@ActiveProfiles("production")
class ProductionSessionTest {
    @Autowired
    RestTestClient client;

    @Test
    void setsACookieThatOnlyTravelsOverTlsToThisHost() {
        client.post()
                .uri("/sessions")
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"user\": \"ada\"}")
                .exchange()
                .expectHeader()
                .valueMatches(
                        HttpHeaders.SET_COOKIE,
                        "__Host-session=[\\w-]{43}; Path=/; Max-Age=86400; Expires=[^;]+; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void doesNotAcceptThePlainCookie() {
        String cookie = SessionClient.login(client, "ada").replace("__Host-", "");

        client.get()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }
}
