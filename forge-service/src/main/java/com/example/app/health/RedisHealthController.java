// forge:file redis
package com.example.app.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.forge.redis.health.Health;
import dev.forge.redis.RedisManager;
import dev.forge.redis.spring.connection.RedisServers;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reports whether every Redis server works. Safe to make public: it names no host and no secret. */
@RestController
@Tag(name = "health")
class RedisHealthController {
    private final RedisServers servers;

    RedisHealthController(RedisServers servers) {
        this.servers = servers;
    }

    @GetMapping("/health/redis")
    @Operation(summary = "Reports whether Redis can be read and written; answers within a second")
    ResponseEntity<RedisHealth> health() {
        RedisHealth healthy = null;
        for (Map.Entry<String, RedisManager> server : servers.all().entrySet()) {
            Health health = server.getValue().healthSync();
            if (health instanceof Health.ReadOnly readOnly) {
                return unhealthy(server.getKey(), readOnly.reason().name());
            }
            if (health instanceof Health.Down down) {
                return unhealthy(server.getKey(), down.reason().name());
            }
            if (healthy == null) { // The server of sessions and limits is the first.
                Health.Details details = ((Health.Up) health).details();
                healthy = new RedisHealth(
                        "healthy", null, null, details.version(), details.latency().toNanos() / 1e6);
            }
        }
        return ResponseEntity.ok(healthy);
    }

    private static ResponseEntity<RedisHealth> unhealthy(String server, String reason) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .body(new RedisHealth("unhealthy", server, reason, null, null));
    }

    /** Of a server that does not work, or else of the first one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record RedisHealth(
            String status,
            @Nullable String server,
            @Nullable String reason,
            @Nullable String version,
            @Nullable Double latencyMillis) {}
}
