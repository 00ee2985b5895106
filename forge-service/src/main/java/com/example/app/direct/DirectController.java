// forge:file redis
package com.example.app.direct;

import com.example.app.web.PlainText;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.RedisManager;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Uses the Redis client itself where {@code RedisManager} has no method: here, for hashes.
 *
 * <p>Strangers can write here, so it is the server of the caches: a full one costs no session and no rate limit.
 */
@RestController
@RequestMapping("/direct/{id}")
@Tag(name = "direct")
class DirectController {
    private static final Duration TTL = Duration.ofHours(1);
    private static final int MOST_FIELDS = 100; // Every answer holds all of them.

    private final RedisManager redis;

    DirectController(@Qualifier("cache") RedisManager redis) {
        this.redis = redis;
    }

    @PutMapping
    @Operation(
            summary = "Sets fields of a hash",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content = @Content(examples = @ExampleObject("{\"name\": \"Ada\", \"city\": \"London\"}"))))
    Map<String, String> write(
            @PathVariable @Size(max = 64) @Parameter(example = "1") String id,
            @RequestBody @NotEmpty @Size(max = 20)
                    Map<@PlainText @Size(max = 64) String, @NotNull @Size(max = 1000) String> fields) {
        String key = key(id);
        // Each of several concurrent requests may pass, which makes the hash somewhat larger.
        if (redis.getSyncClient().hlen(key) + fields.size() > MOST_FIELDS) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT, "A hash must have at most " + MOST_FIELDS + " fields.");
        }
        // Two commands: a crash between them leaves a hash that never expires. If that matters, use a script.
        redis.getSyncClient().hset(key, fields);
        redis.getSyncClient().expire(key, TTL);
        return redis.getSyncClient().hgetall(key);
    }

    @GetMapping
    @Operation(summary = "Reads a hash")
    Map<String, String> read(@PathVariable @Size(max = 64) @Parameter(example = "1") String id) {
        Map<String, String> fields = redis.getSyncClient().hgetall(key(id));
        if (fields.isEmpty()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no hash " + id + ".");
        }
        return fields;
    }

    private String key(String id) {
        return redis.settings().keyPrefix() + RedisKey.of("direct", id); // The client itself does not add it.
    }
}
