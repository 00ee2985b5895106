// forge:file redis
package com.example.app.health;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** The caches have a server of their own, and nothing listens at its address. */
@ServiceTest
@TestPropertySource(properties = "CACHE_REDIS_CONNECTION_URL=redis://127.0.0.1:1")
class CacheServerHealthTest {
    @Autowired
    RestTestClient client;

    @Test
    void reportsTheServerThatDoesNotWork() {
        client.get()
                .uri("/health/redis")
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                .expectBody()
                .json("{\"status\": \"unhealthy\", \"server\": \"cache\", \"reason\": \"UNREACHABLE\"}");
    }
}
