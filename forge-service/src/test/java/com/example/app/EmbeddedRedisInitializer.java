// forge:file redis
package com.example.app;

import dev.forge.redis.test.EmbeddedRedis;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;

/** Gives an application its own real Redis: the library connects to a bean of this type. It ends with the application. */
public class EmbeddedRedisInitializer implements ApplicationContextInitializer<GenericApplicationContext> {
    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean(EmbeddedRedis.class, () -> EmbeddedRedis.start());
    }
}
