// forge:file redis
package com.example.app.cached;

import com.example.app.web.PlainText;
import dev.forge.redis.cache.Cache;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Caches a value. Callers that want the same value at the same time share one computation, in all processes.
 *
 * <p>When Redis is unavailable, values are computed again.
 */
@RestController
@Tag(name = "cache")
class CachedDataController {
    private final Computation computation;
    private final Cache<String> cache;

    CachedDataController(Computation computation, @Qualifier("dataCache") Cache<String> cache) {
        this.computation = computation;
        this.cache = cache;
    }

    @GetMapping("/cached-data")
    @Operation(summary = "Reads a value from the cache, or computes it")
    CachedData cachedData(@RequestParam @PlainText @Size(max = 200) @Parameter(example = "hello") String key) {
        AtomicBoolean computed = new AtomicBoolean();
        String data = cache.get(key, missing -> {
                    computed.set(true);
                    return Optional.of(computation.expensive(missing));
                })
                .orElseThrow();
        return new CachedData(data, computed.get() ? CachedData.COMPUTED : CachedData.CACHE);
    }
}
