// forge:file redis
package com.example.app.ratelimit;

import static org.awaitility.Awaitility.await;

import com.example.app.ServiceTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

@ServiceTest
@TestPropertySource(properties = {"RATE_LIMIT_PERMITS=1", "RATE_LIMIT_WINDOW=1500ms"})
class RetryAfterTest {
    @Autowired
    RestTestClient client;

    @Test
    void letsARequestThroughAfterTheTimeInRetryAfter() {
        ping().expectStatus().isOk();
        ResponseSpec refused = ping().expectStatus().isEqualTo(429);
        String seconds = refused.returnResult(String.class).getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER);

        await().pollDelay(Duration.ofSeconds(Long.parseLong(seconds))).until(() -> true);

        ping().expectStatus().isOk();
    }

    private ResponseSpec ping() {
        return client.get().uri("/api/ping").exchange();
    }
}
