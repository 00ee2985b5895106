// forge:file redis
package com.example.app.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.EmbeddedRedisInitializer;
import com.example.app.ServiceTest;
import com.example.app.session.SessionClient;
// forge:begin worker
import com.example.app.task.TaskClient;
// forge:end worker
import dev.forge.redis.session.SessionStore;
import dev.forge.redis.test.EmbeddedRedis;
import dev.forge.redis.test.ServerState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** Stops Redis, and so has one that no other test uses. */
@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
@ContextConfiguration(initializers = EmbeddedRedisInitializer.class)
class RedisOutageTest {
    @Autowired
    RestTestClient client;

    @Autowired
    EmbeddedRedis redis;

    @Autowired
    SessionStore sessions;

    @AfterEach
    void recoversByItself() {
        redis.restart();
        // The health may be a second old; a request shows the current state.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> get("/cached-data/by-hand?key=recovered").expectStatus().isOk());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> get("/health/redis").expectStatus().isOk());
    }

    @Test
    void reportsSoonThatRedisIsGone() {
        redis.kill();

        unhealthySoon();
    }

    @Test
    void reportsSoonThatRedisHasStoppedAnswering() {
        redis.freeze();

        unhealthySoon();
    }

    @Test
    void computesCachedDataAgain() {
        redis.kill();

        get("/cached-data?key=hello").expectStatus().isOk().expectBody().jsonPath("$.source").isEqualTo("computed");
    }

    @Test
    void showsProfilesFromTheDatabase() {
        redis.kill();

        get("/users/1/profile").expectStatus().isOk();
    }

    @Test
    void savesAChangeAndReportsThatTheCacheWasNotInvalidated(CapturedOutput log) {
        redis.kill();

        for (int i = 0; i < 3; i++) {
            client.put()
                    .uri("/users/1/profile")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{\"name\": \"Ada King\", \"email\": \"ada@example.com\"}")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .valueEquals("Cache-Invalidation", "failed");
        }

        get("/users/1/profile").expectBody().jsonPath("$.name").isEqualTo("Ada King");
        assertThat(log).containsOnlyOnce("its cached copy may be shown");
    }

    @Test
    void answers503WithoutInternalDetailsWhereRedisIsNeeded() {
        redis.kill();

        String body = get("/cached-data/by-hand?key=hello")
                .expectStatus()
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .exists(HttpHeaders.RETRY_AFTER)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(body).doesNotContain("127.0.0.1", "localhost", String.valueOf(redis.port()), "Exception");
    }

    @Test
    void letsRequestsPassTheRateLimit() {
        String cookie = SessionClient.login(client, "ada");
        redis.kill();

        client.get()
                .uri("/api/ping")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .exists("RateLimit-Policy");
    }

    @Test
    void keepsSessionsAndLimitsWhenItsMemoryIsFull() {
        String cookie = SessionClient.loginOfNewUser(sessions);
        redis.enter(ServerState.OOM);

        int refused = 0;
        while (refused < 1000 && fill(cookie).returnResult().getStatus() == HttpStatus.SERVICE_UNAVAILABLE) {
            refused++;
        }

        assertThat(refused).isBetween(100, 200); // Permits come back meanwhile.
        client.get()
                .uri("/sessions/current")
                .header(HttpHeaders.COOKIE, cookie)
                .exchange()
                .expectStatus()
                .isOk();
    }

    // forge:begin worker
    @Test
    void runsTasks() {
        redis.kill();

        assertThat(new TaskClient(client).result("report-7")).startsWith("report-7");
    }
    // forge:end worker

    @Test
    void answers503WhereTheClientItselfFails() {
        get("/direct/1").expectStatus().isNotFound();
        redis.kill();

        get("/direct/1").expectStatus().isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
    }

    private ResponseSpec fill(String cookie) {
        return client.put()
                .uri("/direct/large")
                .header(HttpHeaders.COOKIE, cookie)
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"name\": \"Ada\"}")
                .exchange();
    }

    private void unhealthySoon() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            String body = answeredAtOnce()
                    .expectStatus()
                    .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody();
            assertThat(body)
                    .contains("\"status\":\"unhealthy\"", "\"reason\":\"")
                    .doesNotContain("127.0.0.1", "localhost", String.valueOf(redis.port()));
        });
    }

    private ResponseSpec answeredAtOnce() {
        long start = System.nanoTime();
        ResponseSpec response = get("/health/redis");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        return response;
    }

    private ResponseSpec get(String uri) {
        return client.get().uri(uri).exchange();
    }
}
