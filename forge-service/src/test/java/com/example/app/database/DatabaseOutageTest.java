package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.ServiceTest;
import java.sql.SQLException;
import java.time.Duration;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Stops the database, and so has a server of its own. */
@ServiceTest
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class DatabaseOutageTest {
    private static Server server;

    @Autowired
    RestTestClient client;

    private Duration fastest = Duration.ofDays(1);

    @DynamicPropertySource
    static void startDatabase(DynamicPropertyRegistry properties) throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        String url = "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:outage;DB_CLOSE_DELAY=-1";
        properties.add("DATABASE_URL", () -> url);
    }

    @AfterEach
    void recoversByItself() throws SQLException {
        server = Server.createTcpServer("-tcpPort", String.valueOf(server.getPort())).start();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        client.get().uri("/users/2/profile").exchange().expectStatus().isOk());
    }

    @Test
    void answers503SoonAndLogsOneLine(CapturedOutput log) {
        server.stop();

        for (int i = 0; i < 2; i++) {
            refused(HttpMethod.GET, "/users/3/profile", "");
            refused(HttpMethod.PUT, "/users/3/profile", "{\"name\": \"Grace\", \"email\": \"grace@example.com\"}");
            // forge:begin worker
            refused(HttpMethod.POST, "/tasks", "{\"key\": \"report-7\"}");
            // forge:end worker
        }

        assertThat(fastest).isLessThan(Duration.ofSeconds(3));
        assertThat(log.getAll().lines().filter(line -> line.contains("A request failed")))
                .hasSizeBetween(1, 3);
        assertThat(log.getAll().lines().filter(line -> line.startsWith("\tat com.example.app")))
                .isEmpty();
    }

    private void refused(HttpMethod method, String uri, String body) {
        long start = System.nanoTime();
        client.method(method)
                .uri(uri)
                .contentType(MediaType.APPLICATION_JSON)
                .body(body)
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .exists(HttpHeaders.RETRY_AFTER);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        fastest = took.compareTo(fastest) < 0 ? took : fastest;
    }
}
