// forge:file redis
package com.example.app.ratelimit;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A sample of a route with a rate limit: everything under {@code /api} has one. */
@RestController
@Tag(name = "rate limit")
class PingController {
    @GetMapping("/api/ping")
    @Operation(summary = "Answers up to 100 times a minute")
    Pong ping() {
        return new Pong("pong");
    }

    record Pong(String message) {}
}
