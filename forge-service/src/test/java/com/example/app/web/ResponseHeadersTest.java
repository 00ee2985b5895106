package com.example.app.web;

import com.example.app.ServiceTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class ResponseHeadersTest {
    @Autowired
    RestTestClient client;

    @ParameterizedTest
    @ValueSource(strings = {"/users/1/profile", "/users/99/profile", "/nowhere", "/error", "/test/faulty", "/test/later"})
    void keepsAnswersOutOfCachesAndOfGuesses(String path) {
        client.get()
                .uri(path)
                .exchange()
                .expectHeader()
                .valueEquals(HttpHeaders.CACHE_CONTROL, "no-store")
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff");
    }
}
