// forge:file redis
package com.example.app.cached;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the cache of computed data a bean: only caches that are beans are among the metrics. */
@Configuration(proxyBeanMethods = false)
class DataCacheConfiguration {
    /** Caches each value for an hour. */
    @Bean
    Cache<String> dataCache(@Qualifier("cache") RedisManager redis) {
        return Cache.builder(redis, "cached-data", String.class)
                .ttl(Duration.ofHours(1))
                .build();
    }
}
