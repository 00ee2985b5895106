// forge:file redis
package com.example.app;

import dev.forge.redis.test.EmbeddedRedis;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** Gives an application context a real Redis of its own, as a bean that ends with it. */
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
