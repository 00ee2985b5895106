// forge:file redis
package com.example.app.cached;

import com.example.app.web.PlainText;
import dev.forge.redis.RedisManager;
import dev.forge.redis.key.RedisKey;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Does by hand what {@link CachedDataController} does: get the value, compute it if it is missing, set it.
 *
 * <p>This is what a cache is made of, not how to use one: concurrent callers all compute, and the route fails when Redis
 * is unavailable. It also shows the methods that end in {@code Async}, with which no thread waits for Redis.
 */
@RestController
@Tag(name = "cache")
class CachedByHandController {
    private static final Duration TTL = Duration.ofHours(1);

    private final Computation computation;
    private final RedisManager redis;
    private final Executor executor;

    CachedByHandController(
            Computation computation,
            @Qualifier("cache") RedisManager redis,
            @Qualifier("applicationTaskExecutor") Executor executor) {
        this.computation = computation;
        this.redis = redis;
        this.executor = executor;
    }

    @GetMapping("/cached-data/by-hand")
    @Operation(summary = "The same by hand, with the basic operations of Redis; fails without Redis")
    CompletableFuture<CachedData> cachedData(
            @RequestParam @PlainText @Size(max = 200) @Parameter(example = "hello") String key) {
        // The namespace keeps callers from naming a key of another part of the service.
        String redisKey = RedisKey.of("cached-by-hand", key);
        return redis.getAsync(redisKey)
                .thenCompose(cached -> cached.map(data -> new CachedData(data, CachedData.CACHE))
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> computeAndCache(key, redisKey)));
    }

    private CompletableFuture<CachedData> computeAndCache(String key, String redisKey) {
        // On the executor, because the thread that delivers Redis' reply serves all other requests too.
        return CompletableFuture.supplyAsync(() -> computation.expensive(key), executor)
                .thenCompose(data -> redis.setAsync(redisKey, data, TTL)
                        .thenApply(done -> new CachedData(data, CachedData.COMPUTED)));
    }
}
