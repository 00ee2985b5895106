package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

class ProblemsTest {
    private final RestTestClient client = RestTestClient.bindToController(new Failing())
            .configureServer(server -> server.setControllerAdvice(new Problems()))
            .build();

    @Test
    void hidesWhatWentWrong() {
        String body = client.get()
                .uri("/failing")
                .exchange()
                .expectStatus()
                .is5xxServerError()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(body).contains("\"status\":500").doesNotContain("secret", "Exception");
    }

    @RestController
    static class Failing {
        @GetMapping("/failing")
        String fail() {
            throw new IllegalStateException("secret");
        }
    }
}
