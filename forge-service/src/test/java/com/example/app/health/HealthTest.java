package com.example.app.health;

import com.example.app.ServiceTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class HealthTest {
    @Autowired
    RestTestClient client;

    @Value("${local.management.port}")
    int managementPort;

    @Test
    void reportsOnAPortOfItsOwnThatTheServiceIsUp() {
        client.get()
                .uri("http://localhost:" + managementPort + "/actuator/health")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("UP");
        client.get().uri("/actuator/health").exchange().expectStatus().isNotFound();
    }
}
