package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@ServiceTest
@ExtendWith(OutputCaptureExtension.class)
@Import(StatusTest.StatusController.class)
class StatusTest {
    @Value("${local.server.port}")
    int port;

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "%4", "a&%=b"})
    void answers400ForMalformedParameters(String parameter) throws IOException {
        assertThat(get("/status/parameter?name=" + parameter))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({"/status/thrown, 410", "/status/annotated, 409", "/status/later, 410"})
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
            assertThat(get("/status/broken")).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
        }

        assertThat(log).containsOnlyOnce("java.lang.IllegalStateException: secret");
    }

    private String get(String path) throws IOException {
        try (RawClient client = RawClient.request(port, "GET " + path, "Connection: close", "")) {
            return client.answer(Duration.ofSeconds(5));
        }
    }

    @RestController
    static class StatusController {
        @GetMapping("/status/parameter")
        String parameter(@RequestParam String name) {
            return name;
        }

        @GetMapping("/status/thrown")
        String thrown() {
            throw new ResponseStatusException(HttpStatus.GONE);
        }

        @GetMapping("/status/later")
        CompletableFuture<String> later() {
            return CompletableFuture.failedFuture(new ResponseStatusException(HttpStatus.GONE));
        }

        @GetMapping("/status/annotated")
        String annotated() {
            throw new ConflictException();
        }

        @GetMapping("/status/broken")
        String broken() {
            throw new IllegalStateException("secret");
        }
    }

    @ResponseStatus(HttpStatus.CONFLICT)
    static class ConflictException extends RuntimeException {}
}
