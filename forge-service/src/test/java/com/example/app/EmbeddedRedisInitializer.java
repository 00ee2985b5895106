// forge:file redis
package com.example.app;

import dev.forge.redis.test.EmbeddedRedis;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Gives an application context its own real Redis, as a bean that is closed with the context. */
public class EmbeddedRedisInitializer implements ApplicationContextInitializer<GenericApplicationContext> {
    @Override
    public void initialize(GenericApplicationContext context) {
        EmbeddedRedis redis = EmbeddedRedis.start();
        context.registerBean(EmbeddedRedis.class, () -> redis);
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("embedded-redis", Map.of("REDIS_CONNECTION_URL", redis.url())));
    }
}
