// forge:file redis worker
package com.example.app.task;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the cache of reports a bean: only caches that are beans are among the metrics. */
@Configuration(proxyBeanMethods = false)
class ReportCacheConfiguration {
    /** Caches each report for an hour. */
    @Bean
    Cache<String> reportCache(@Qualifier("cache") RedisManager redis) {
        return Cache.builder(redis, "report", String.class)
                .ttl(Duration.ofHours(1))
                .leaseTime(Duration.ofMinutes(5)) // A report that takes longer is not stored.
                .build();
    }
}
