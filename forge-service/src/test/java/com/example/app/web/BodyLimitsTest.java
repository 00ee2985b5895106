package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.ServiceTest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
@TestPropertySource(properties = {"app.request.deadline=2s", "server.tomcat.connection-timeout=1s"})
class BodyLimitsTest {
    private static final String PROFILE = "{\"name\": \"Ada King\", \"email\": \"ada@example.com\"}";
    private static final Duration SOON = Duration.ofSeconds(5);

    @Autowired
    RestTestClient client;

    @Value("${local.server.port}")
    int port;

    @Test
    void acceptsABodyOfTheLargestSize() {
        put(PROFILE + " ".repeat(65_536 - PROFILE.length())).expectStatus().isOk();
    }

    @Test
    void refusesABodyThatIsOneByteLarger() {
        put(PROFILE + " ".repeat(65_537 - PROFILE.length())).expectStatus().isEqualTo(413);
    }

    @Test
    void refusesALargeBodyBeforeItArrives() throws IOException {
        try (RawClient large = put("Content-Length: 68000000", "{")) {
            assertThat(large.answer(SOON))
                    .startsWith("HTTP/1.1 413 ")
                    .contains("application/problem+json", "Connection: close", "at most 65536 bytes");
        }
    }

    @Test
    void refusesALargeBodyInChunks() throws IOException {
        String chunk = "1000\r\n" + " ".repeat(4096) + "\r\n";
        try (RawClient large = put("Transfer-Encoding: chunked", "")) {
            assertThat(large.sendUntilRefused(chunk, 15_000)).isLessThan(15_000);
            assertThat(large.answer(SOON)).startsWith("HTTP/1.1 413 ").contains("application/problem+json");
        }
    }

    @ParameterizedTest
    @CsvSource({"[, ]", "{\"a\":, }"})
    void refusesABodyThatIsNestedDeeply(String open, String close) {
        String nested = "\"other\": " + open.repeat(20) + "1" + close.repeat(20) + ", ";

        put(PROFILE.replace("{", "{" + nested)).expectStatus().isBadRequest();
    }

    @Test
    void refusesABodyOfManyFields() {
        String fields = "\"other\": 1, ".repeat(1_000);

        put(PROFILE.replace("{", "{" + fields)).expectStatus().isBadRequest();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT"})
    void doesNotReadForms(String method) throws IOException {
        for (String type : List.of("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/yaml")) {
            String headers = "Content-Length: 60000\r\nContent-Type: " + type;
            try (RawClient form = RawClient.request(port, method + " /test/body", headers, "name=")) {
                assertThat(form.status(SOON)).as(type).startsWith("HTTP/1.1 415");
            }
        }
    }

    @Test
    void doesNotWaitForABodyThatPauses() throws IOException {
        try (RawClient pausing = put("Content-Length: 100", "{")) {
            assertThat(pausing.status(SOON)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void reportsABodyThatIsMalformed() throws IOException {
        try (RawClient malformed = put("Transfer-Encoding: chunked", "no length\r\n")) {
            assertThat(malformed.status(SOON)).startsWith("HTTP/1.1 400");
        }
    }

    @Test
    void doesNotWaitForABodyThatIsSlow() throws IOException {
        try (RawClient slow = put("Content-Length: 60000", "{")) {
            await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(200)).until(() -> {
                slow.sendUntilRefused(" ", 1);
                return slow.isAnswered();
            });

            assertThat(slow.answer(SOON)).startsWith("HTTP/1.1 408 ").contains("application/problem+json");
        }
    }

    private RawClient put(String length, String body) throws IOException {
        return RawClient.request(
                port, "PUT /users/1/profile", length + "\r\nContent-Type: application/json", body);
    }

    private RestTestClient.ResponseSpec put(String body) {
        return client.put()
                .uri("/users/1/profile")
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange();
    }
}
