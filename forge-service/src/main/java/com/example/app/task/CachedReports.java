// forge:file redis worker
package com.example.app.task;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/** Caches each report for an hour. When Redis is unavailable, the report is written again. */
@Primary
@Service
class CachedReports implements Reports {
    private final ReportWriter writer;
    private final Cache<String> cache;

    CachedReports(ReportWriter writer, @Qualifier("cache") RedisManager redis) {
        this.writer = writer;
        this.cache = Cache.builder(redis, "report", String.class)
                .ttl(Duration.ofHours(1))
                .leaseTime(Duration.ofMinutes(5)) // A report that takes longer is not stored.
                .build();
    }

    @Override
    public String report(String key) {
        return cache.get(key, missing -> Optional.of(writer.report(missing))).orElseThrow();
    }
}
