// forge:file redis
package com.example.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class RedisHealthTest {
    @Autowired
    RestTestClient client;

    @Value("${local.management.port}")
    int managementPort;

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

    @Test
    void showsTheCachesAmongTheMetrics() {
        client.get()
                .uri("http://localhost:" + managementPort + "/actuator/prometheus")
                .exchange()
                .expectBody(String.class)
                .value(metrics -> assertThat(metrics)
                        .contains("forge_cache_gets_total{cache=\"user\"", "forge_cache_gets_total{cache=\"cached-data\""));
    }
}
