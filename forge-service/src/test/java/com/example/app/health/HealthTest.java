package com.example.app.health;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void showsMetricsOnThatPort() {
        client.get()
                .uri("http://localhost:" + managementPort + "/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .value(metrics -> assertThat(metrics).contains("jvm_memory_used_bytes", "hikaricp_connections"));
    }
}
