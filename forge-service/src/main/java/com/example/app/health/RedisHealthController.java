// forge:file redis
package com.example.app.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.forge.redis.health.Health;
import dev.forge.redis.RedisManager;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reports whether Redis works. Safe to make public: it names no host and no secret. */
@RestController
@Tag(name = "health")
class RedisHealthController {
    private final RedisManager redis;

    RedisHealthController(RedisManager redis) {
        this.redis = redis;
    }

    @GetMapping("/health/redis")
    @Operation(summary = "Reports whether Redis can be read and written; answers within a second")
    ResponseEntity<RedisHealth> health() {
        Health health = redis.healthSync();
        if (health instanceof Health.Up up) {
            Health.Details details = up.details();
            return ResponseEntity.ok(new RedisHealth(
                    "healthy", null, details.version(), details.latency().toNanos() / 1e6));
        }
        if (health instanceof Health.ReadOnly readOnly) {
            return unhealthy(readOnly.reason().name());
        }
        return unhealthy(((Health.Down) health).reason().name());
    }

    private static ResponseEntity<RedisHealth> unhealthy(String reason) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(new RedisHealth("unhealthy", reason, null, null));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RedisHealth(
            String status,
            @Nullable String reason,
            @Nullable String version,
            @Nullable Double latencyMillis) {}
}
