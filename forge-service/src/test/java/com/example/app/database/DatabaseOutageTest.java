package com.example.app.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.app.ServiceTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.Driver;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
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

/** Kills the database, and so has a server of its own. */
@ServiceTest
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class DatabaseOutageTest {
    /** H2 reports a broken connection by a code that the pool does not know, so let the pool test each one. */
    private static final String TRUSTED_FOR = "com.zaxxer.hikari.aliveBypassWindowMs";

    private static final String GRACE = "{\"name\": \"Grace\", \"email\": \"grace@example.com\"}";

    @TempDir
    static Path data;

    private static int port;
    private static Process server;

    @Autowired
    RestTestClient client;

    private final ExecutorService clients = Executors.newCachedThreadPool();

    @DynamicPropertySource
    static void startDatabase(DynamicPropertyRegistry properties) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        System.setProperty(TRUSTED_FOR, "0");
        start();
        properties.add("DATABASE_URL", () -> "jdbc:h2:tcp://localhost:" + port + "/./outage");
    }

    @AfterEach
    void stopClients() {
        clients.shutdownNow();
    }

    @AfterAll
    static void stopDatabase() {
        server.destroyForcibly();
        System.clearProperty(TRUSTED_FOR);
    }

    @Test
    void answers503SoonAndLogsOneLine(CapturedOutput log) throws Exception {
        server.destroyForcibly().onExit().join();

        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < 2; i++) {
            List<Future<Duration>> requests = new ArrayList<>();
            requests.add(refused(HttpMethod.GET, "/users/3/profile", ""));
            requests.add(refused(HttpMethod.PUT, "/users/3/profile", GRACE));
            // forge:begin worker
            requests.add(refused(HttpMethod.POST, "/tasks", "{\"key\": \"report-7\"}"));
            // forge:end worker
            for (Future<Duration> request : requests) {
                fastest = Collections.min(List.of(fastest, request.get()));
            }
        }

        assertThat(fastest).isLessThan(Duration.ofSeconds(3));
        assertThat(log.getAll().lines().filter(line -> line.contains("A request failed")))
                .hasSizeBetween(1, 3);
        assertThat(log.getAll().lines().filter(line -> line.startsWith("\tat ")))
                .isEmpty();
        recoversByItself();
    }

    private void recoversByItself() throws IOException {
        start();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        client.get().uri("/users/2/profile").exchange().expectStatus().isOk());
    }

    private static void start() throws IOException {
        String jar = Path.of(URI.create(Driver.class.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        server = new ProcessBuilder(
                        java, "-cp", jar, Server.class.getName(), "-tcp", "-tcpPort", String.valueOf(port),
                        "-ifNotExists", "-baseDir", data.toString())
                .redirectErrorStream(true)
                .start();
        server.inputReader().readLine(); // It says where it listens.
    }

    /** Sends a request that is refused; completes with the time that this took. */
    private Future<Duration> refused(HttpMethod method, String uri, String body) {
        return clients.submit(() -> refusedAfter(method, uri, body));
    }

    private Duration refusedAfter(HttpMethod method, String uri, String body) {
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
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
