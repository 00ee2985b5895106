// forge:file redis
package com.example.app.cached;

import com.example.app.web.PlainText;
import dev.forge.redis.key.RedisKey;
import dev.forge.redis.RedisManager;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Caches a value by hand: get it, compute it if it is missing, set it. No thread waits for Redis. */
@RestController
@Tag(name = "cache")
class CachedDataController {
    private static final Duration TTL = Duration.ofHours(1);

    private final RedisManager redis;
    private final Executor executor;

    CachedDataController(RedisManager redis, @Qualifier("applicationTaskExecutor") Executor executor) {
        this.redis = redis;
        this.executor = executor;
    }

    @GetMapping("/cached-data")
    @Operation(summary = "Reads a value from the cache, or computes it")
    CompletableFuture<CachedData> cachedData(
            @RequestParam @PlainText @Size(max = 200) @Parameter(example = "hello") String key) {
        // The namespace keeps callers from naming a key of another part of the service.
        String cacheKey = RedisKey.of("cached-data", key);
        return redis.getAsync(cacheKey)
                .thenCompose(cached -> cached.map(data -> CompletableFuture.completedFuture(CachedData.fromCache(data)))
                        .orElseGet(() -> computeAndCache(key, cacheKey)));
    }

    private CompletableFuture<CachedData> computeAndCache(String key, String cacheKey) {
        // On the executor, because the thread that delivers Redis' reply serves all other requests too.
        return CompletableFuture.supplyAsync(() -> expensiveComputation(key), executor)
                .thenCompose(data -> redis.setAsync(cacheKey, data, TTL).thenApply(done -> CachedData.computed(data)));
    }

    /** A sample of work that is worth caching. Replace it with your own. */
    private static String expensiveComputation(String key) {
        return key + ", computed at " + Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    record CachedData(
            @Schema(example = "hello, computed at 2026-11-01T12:00:00Z")
            String data,

            @Schema(example = "cache") String source) {

        static CachedData fromCache(String data) {
            return new CachedData(data, "cache");
        }

        static CachedData computed(String data) {
            return new CachedData(data, "computed");
        }
    }
}
