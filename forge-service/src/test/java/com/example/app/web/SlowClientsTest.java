package com.example.app.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;

@ServiceTest
@TestPropertySource(properties = "app.request.deadline=2m") // No client is refused during the test.
class SlowClientsTest {
    private static final String JSON = "Connection: close\r\nContent-Type: application/json\r\nContent-Length: ";
    private static final String PROFILE = "{\"name\": \"Ada King\", \"email\": \"ada@example.com\"}";

    @Value("${local.server.port}")
    int port;

    @Value("${local.management.port}")
    int managementPort;

    @Test
    void serves250ClientsThatSendSlowlyAndAllOthers() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < 250; i++) {
                slow.add(RawClient.request(port, "PUT /test/body", JSON + 60_000, "{"));
            }
            sender.scheduleWithFixedDelay(
                    () -> slow.forEach(each -> each.sendUntilRefused(" ", 1)), 0, 500, TimeUnit.MILLISECONDS);

            answers(managementPort, "GET /actuator/health", "Connection: close", "");
            answers(port, "GET /users/1/profile", "Connection: close", "");
            answers(port, "PUT /users/1/profile", JSON + PROFILE.length(), PROFILE);
            assertThat(slow).anyMatch(client -> !client.isAnswered());
        } finally {
            sender.shutdownNow();
            for (RawClient each : slow) {
                each.close();
            }
        }
    }

    private static void answers(int port, String firstLine, String headers, String body) throws IOException {
        try (RawClient other = RawClient.request(port, firstLine, headers, body)) {
            assertThat(other.answer(Duration.ofSeconds(30))).startsWith("HTTP/1.1 200 ");
        }
    }
}
