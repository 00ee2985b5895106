package com.example.app;

import io.swagger.v3.oas.annotations.Hidden;
// forge:begin redis
import java.net.SocketException;
// forge:end redis
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.test.context.TestConfiguration;
// forge:begin redis
import org.springframework.context.annotation.Import;
// forge:end redis
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Routes that only tests have. All tests share them, so that they share one running service. */
@TestConfiguration(proxyBeanMethods = false)
// forge:begin redis
@Import(BeforeCommit.class)
// forge:end redis
@RestController
@Hidden
class TestRoutes {
    @RequestMapping("/test/body")
    Map<String, String> body(@RequestBody Map<String, String> body) {
        return body;
    }

    @GetMapping("/test/parameter")
    String parameter(@RequestParam String name) {
        return name;
    }

    @GetMapping("/test/thrown")
    String thrown() {
        throw new ResponseStatusException(HttpStatus.GONE);
    }

    @GetMapping("/test/later")
    CompletableFuture<String> later() {
        return CompletableFuture.failedFuture(new ResponseStatusException(HttpStatus.GONE));
    }

    @GetMapping("/test/annotated")
    String annotated() {
        throw new ConflictException();
    }

    /** Fails at a place of its own, so that its line in the log is not that of {@link #broken}. */
    @GetMapping("/test/faulty")
    String faulty() {
        throw new IllegalStateException("faulty");
    }

    @GetMapping("/test/broken")
    String broken() {
        throw new IllegalStateException("secret");
    }

    // forge:begin redis
    @GetMapping("/test/lost")
    CompletableFuture<String> lost() {
        return CompletableFuture.failedFuture(new SocketException("Connection reset"));
    }

    /** Has the rate limit of everything under {@code /api}. */
    @GetMapping("/api/asynchronous")
    CompletableFuture<String> asynchronous() {
        return CompletableFuture.supplyAsync(() -> "later");
    }
    // forge:end redis

    @ResponseStatus(HttpStatus.CONFLICT)
    private static final class ConflictException extends RuntimeException {}
}
