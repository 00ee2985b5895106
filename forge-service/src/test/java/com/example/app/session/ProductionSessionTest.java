// forge:file redis
package com.example.app.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import dev.forge.redis.RedisManager;
import dev.forge.redis.test.EmbeddedRedis;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** The service as it is deployed: behind a proxy, with the real limits, and with a Redis of its own for caches. */
@ServiceTest
@ActiveProfiles("production")
@TestPropertySource(
        properties = {
            "FORGE_RATE_LIMIT_TRUSTED_PROXIES=127.0.0.1,::1",
            "app.login.attempts-for-a-name=10",
            "forge.rate-limit.rules.sessions.permits=5",
        })
class ProductionSessionTest {
    // Ends with the tests: the service, which they share, keeps its address.
    private static final EmbeddedRedis CACHES = EmbeddedRedis.start();
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    @DynamicPropertySource
    static void connectCaches(DynamicPropertyRegistry properties) {
        properties.add("CACHE_REDIS_CONNECTION_URL", CACHES::url);
    }

    @Autowired
    RestTestClient client;

    @Autowired
    RedisManager redis;

    @Autowired
    JdbcClient database;

    @Autowired
    Passwords passwords;

    @BeforeEach
    void addAUser() {
        database.sql("delete from app_user").update();
        database.sql("insert into app_user (name, user_id, password_hash) values ('ada', 1, ?)")
                .param(passwords.hash(SessionClient.PASSWORD))
                .update();
    }

    @Test
    void setsACookieThatOnlyTravelsOverTlsToThisHost() {
        login("192.0.2.1", "ada")
                .expectStatus()
                .isCreated()
                .expectHeader()
                .valueMatches(
                        HttpHeaders.SET_COOKIE,
                        "__Host-session=[\\w-]{43}; Path=/; Max-Age=86400; Expires=[^;]+; Secure; HttpOnly; SameSite=Lax");
    }

    @Test
    void doesNotAcceptThePlainCookie() {
        String cookie = SessionClient.cookie(login("192.0.2.2", "ada")).replace("__Host-", "");

        client.get()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    @Test
    void hasNoSampleUsers() {
        login("192.0.2.3", "grace").expectStatus().isUnauthorized();
    }

    @Test
    void limitsTheLoginsOfAnAddress() {
        String address = "203.0.113." + ADDRESSES.incrementAndGet();
        for (int i = 0; i < 5; i++) {
            login(address, "name-" + i).expectStatus().isUnauthorized();
        }

        login(address, "ada").expectStatus().isEqualTo(429).expectHeader().exists(HttpHeaders.RETRY_AFTER);
        login("192.0.2.5", "ada").expectStatus().isCreated();
    }

    @Test
    void limitsTheLoginsOfANameFromWhereverTheyCome() {
        String name = UUID.randomUUID().toString();
        for (int i = 0; i < 10; i++) {
            login("198.51.100." + i, name).expectStatus().isUnauthorized();
        }

        login("198.51.100.10", name)
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .exists(HttpHeaders.RETRY_AFTER);
    }

    @Test
    void keepsWhatStrangersCanFillAwayFromSessions() {
        for (String path : new String[] {"/cached-data?key=a", "/cached-data/by-hand?key=a", "/users/1/profile"}) {
            client.get().uri(path).exchange().expectStatus().isOk();
        }
        client.put()
                .uri("/direct/1")
                .contentType(MediaType.APPLICATION_JSON)
                .body(Map.of("name", "Ada"))
                .exchange()
                .expectStatus()
                .isOk();
        login("192.0.2.6", "ada").expectStatus().isCreated();

        assertThat(redis.getSyncClient().keys("*"))
                .isNotEmpty()
                .allMatch(key -> key.startsWith("session::") || key.startsWith("ratelimit:"));
    }

    @Test
    void showsNoDocumentation() {
        for (String path : new String[] {"/", "/docs", "/openapi.json", "/swagger-ui/index.html"}) {
            client.get().uri(path).exchange().expectStatus().isNotFound();
        }
    }

    private ResponseSpec login(String address, String user) {
        return client.post()
                .uri("/sessions")
                .header("X-Forwarded-For", address)
                .contentType(MediaType.APPLICATION_JSON)
                .body(SessionClient.credentials(user, SessionClient.PASSWORD))
                .exchange();
    }
}
