// forge:file redis
package com.example.app.session;

import dev.forge.redis.RedisManager;
import dev.forge.redis.session.SessionStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Sessions that live in Redis for 24 hours. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
    @Bean
    SessionStore sessions(RedisManager redis) {
        return SessionStore.create(redis);
    }
}
