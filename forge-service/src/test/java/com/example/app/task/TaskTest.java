// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.app.ServiceTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

@ServiceTest
class TaskTest {
    @Autowired
    RestTestClient client;

    @Autowired
    TaskResults results;

    @Test
    void runsInTheBackgroundAndShowsItsResult() {
        String result = new TaskClient(client).result("report-7");

        assertThat(result).startsWith("report-7");
    }

    @Test
    void replacesTheResultWhenItRunsAgain() {
        UUID task = UUID.randomUUID();

        results.save(task, "first");
        results.save(task, "second");

        assertThat(results.find(task)).contains("second");
    }

    @Test
    void forgetsOnlyOldResults() {
        UUID task = UUID.randomUUID();
        results.save(task, "kept");

        results.forgetOldResults();

        assertThat(results.find(task)).contains("kept");
    }

    @Test
    void answers404ForAnUnknownTask() {
        client.get()
                .uri("/tasks/{id}", UUID.randomUUID())
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\\u0000b"})
    void refusesAnUnusableKey(String key) {
        new TaskClient(client).start(key).expectStatus().isBadRequest();
    }
}
