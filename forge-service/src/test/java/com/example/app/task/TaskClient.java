// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.task.TaskController.Task;
import java.net.URI;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** Starts tasks and waits for them, over HTTP. */
public record TaskClient(RestTestClient client) {
    ResponseSpec start(String key) {
        return client.post()
                .uri("/tasks")
                .contentType(MediaType.APPLICATION_JSON)
                .body("{\"key\": \"" + key + "\"}")
                .exchange();
    }

    URI started(String key) {
        return start(key)
                .expectStatus()
                .isAccepted()
                .returnResult(String.class)
                .getResponseHeaders()
                .getLocation();
    }

    Task read(URI task) {
        return client.get()
                .uri(task)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(Task.class)
                .returnResult()
                .getResponseBody();
    }

    Task awaitState(URI task, String state) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> read(task), read -> read.state().equals(state));
    }

    public String result(String key) {
        Task task = awaitState(started(key), "succeeded");
        assertThat(task.result()).isPresent();
        return task.result().get();
    }
}
