// forge:file redis worker
package com.example.app.task;

import dev.forge.redis.cache.Cache;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Primary;
import org.springframework.stereotype.Service;

/** A cache in front of the writer of reports. When Redis is unavailable, the report is written again. */
@Primary
@Service
class CachedReports implements Reports {
    private final ReportWriter writer;
    private final Cache<String> cache;

    CachedReports(ReportWriter writer, @Qualifier("reportCache") Cache<String> cache) {
        this.writer = writer;
        this.cache = cache;
    }

    @Override
    public String report(String key) {
        return cache.get(key, missing -> Optional.of(writer.report(missing))).orElseThrow();
    }
}
