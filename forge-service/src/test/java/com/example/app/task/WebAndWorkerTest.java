// forge:file worker
package com.example.app.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.Application;
// forge:begin redis
import com.example.app.EmbeddedRedisInitializer;
// forge:end redis
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/** Runs the service as two processes would: one web, one worker, one shared database. */
@ExtendWith(OutputCaptureExtension.class)
class WebAndWorkerTest {
    @TempDir
    Path directory;

    @Test
    void handsTasksFromTheWebToTheWorkerAndEndsWithoutAWarning(CapturedOutput log) {
        try (ConfigurableApplicationContext web = start("web")) {
            assertThat(web.getBeanProvider(TaskWorker.class).getIfAvailable())
                    .isNull();
            String port = web.getEnvironment().getProperty("local.server.port");
            TaskClient tasks = new TaskClient(RestTestClient.bindToServer()
                    .baseUrl("http://localhost:" + port)
                    .build());
            URI task = tasks.started("report-7");

            Path heartbeat = directory.resolve("heartbeat");
            try (ConfigurableApplicationContext worker = start("worker", "--app.tasks.heartbeat-file=" + heartbeat)) {
                await().untilAsserted(() -> assertThat(heartbeat).exists());
                assertThat(worker).isNotInstanceOf(WebServerApplicationContext.class);
                assertThat(tasks.awaitState(task, "succeeded").result()).isPresent();
            }
        }
        assertThat(log).doesNotContain(" WARN ", " ERROR ");
    }

    private static ConfigurableApplicationContext start(String role, String... more) {
        SpringApplication service = new SpringApplication(Application.class);
        service.setAdditionalProfiles(role);
        // forge:begin redis
        service.addInitializers(new EmbeddedRedisInitializer());
        // forge:end redis
        String[] settings = {
            "--app.env-file=",
            "--server.port=0",
            "--management.server.port=0",
            "--DATABASE_URL=jdbc:h2:mem:web-and-worker"
        };
        return service.run(Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new));
    }
}
