// forge:file redis worker
package com.example.app.task;

import dev.forge.redis.key.RedisKey;
import dev.forge.redis.RedisManager;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/**
 * Caches each result for an hour. Uses the blocking methods, because a worker has a thread to itself.
 *
 * <p>When Redis is unavailable the task fails, and JobRunr runs it again later.
 */
@Primary
@Service
class CachedProcessing implements Processing {
    private final HeavyProcessing processing;
    private final RedisManager redis;

    CachedProcessing(HeavyProcessing processing, RedisManager redis) {
        this.processing = processing;
        this.redis = redis;
    }

    @Override
    public String process(String key) {
        String cacheKey = RedisKey.of("processed", key);
        Optional<String> cached = redis.getSync(cacheKey);
        if (cached.isPresent()) {
            return cached.get();
        }
        String result = processing.process(key);
        redis.setSync(cacheKey, result, Duration.ofHours(1));
        return result;
    }
}
