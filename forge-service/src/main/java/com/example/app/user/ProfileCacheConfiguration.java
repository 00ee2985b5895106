// forge:file redis
package com.example.app.user;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.Cache;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the cache of profiles a bean: only caches that are beans are among the metrics. */
@Configuration(proxyBeanMethods = false)
class ProfileCacheConfiguration {
    /**
     * Caches profiles for five minutes. When Redis is unavailable, they come from the database, and changes are still
     * saved. When the database is unavailable, profiles that were read within the last hour are still served.
     *
     * <p>The absence of a user is cached too, for a minute, and kept for the same hour: callers who ask for many ids
     * fill only a Redis that makes room.
     */
    @Bean
    Cache<UserProfile> profileCache(@Qualifier("cache") RedisManager redis) {
        return Cache.builder(redis, "user", UserProfile.class)
                .ttl(Duration.ofMinutes(5))
                .cacheAbsence(Duration.ofMinutes(1))
                .staleFor(Duration.ofHours(1))
                .nearCache(10_000)
                .build();
    }
}
