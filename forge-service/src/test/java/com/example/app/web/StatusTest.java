package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
class StatusTest {
    @Value("${local.server.port}")
    int port;

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "%4", "a&%=b"})
    void answers400ForMalformedParameters(String parameter) throws IOException {
        assertThat(get("/test/parameter?name=" + parameter))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", "application/*+json;charset=utf-8"})
    void answers400ForATypeThatNoBodyHas(String type, CapturedOutput log) throws IOException {
        String headers = "Connection: close\r\nContent-Length: 2\r\nContent-Type: " + type;
        try (RawClient client = RawClient.request(port, "PUT /users/1/profile", headers, "{}")) {
            assertThat(client.answer(Duration.ofSeconds(5)))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json");
        }
        assertThat(log).doesNotContain("Exception");
    }

    @Test
    void answers400ForATargetThatIsNoUri(CapturedOutput log) throws IOException {
        assertThat(get("//")).startsWith("HTTP/1.1 400 ").contains("application/problem+json");

        assertThat(log).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /{x} HTTP/1.1", "GET /a b HTTP/1.1", "FO\u00ff / HTTP/1.1", "GET / HTTP/1.1\r\nNoColon", "GET / HTTP/1.1\r\nHost: a\r\nHost: b"})
    void answersAProblemWhereTheServerItselfRefuses(String request) throws IOException {
        assertThat(send(request + "\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json", "{\"status\":400,\"title\":\"Bad Request\"}")
                .doesNotContainIgnoringCase("html", "Tomcat");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /{x} HTTP/1.1", "GET /api/..;/ping HTTP/1.1", "DELETE /users/1/profile HTTP/1.1"})
    void logsNothingOfAFloodOfNonsense(String request, CapturedOutput log) throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(send(request + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 4");
        }

        assertThat(log.getAll()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/test/thrown, 410", "/test/annotated, 409", "/test/later, 410"})
    void keepsTheStatusThatAnExceptionCarries(String path, String status) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 " + status + " ").contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/error", "/nowhere"})
    void answers404ForARouteThatIsNotThere(String path) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 404 ").contains("application/problem+json");
    }

    @Test
    void logsARepeatedFailureOnce(CapturedOutput log) throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(get("/test/broken")).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
        }

        assertThat(log).containsOnlyOnce("java.lang.IllegalStateException: secret");
    }

    private String send(String request) throws IOException {
        try (RawClient client = new RawClient(port)) {
            client.send(request);
            return client.answer(Duration.ofSeconds(5));
        }
    }

    private String get(String path) throws IOException {
        try (RawClient client = RawClient.request(port, "GET " + path, "Connection: close", "")) {
            return client.answer(Duration.ofSeconds(5));
        }
    }
}
