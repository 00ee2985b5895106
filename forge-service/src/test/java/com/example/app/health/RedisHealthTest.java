// forge:file redis
package com.example.app.health;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class RedisHealthTest {
    @Autowired
    RestTestClient client;

    @Test
    void reportsThatRedisIsHealthy() {
        client.get()
                .uri("/health/redis")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("healthy")
                .jsonPath("$.version")
                .isNotEmpty()
                .jsonPath("$.reason")
                .doesNotExist();
    }
}
