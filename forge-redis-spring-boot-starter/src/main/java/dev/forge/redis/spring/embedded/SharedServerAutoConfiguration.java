package dev.forge.redis.spring.embedded;

import dev.forge.redis.test.EmbeddedRedis;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The server that all contexts of a JVM share; only {@link AutoConfigureEmbeddedRedis} imports it. */
@AutoConfiguration(before = EmbeddedRedisAutoConfiguration.class)
public final class SharedServerAutoConfiguration {

    // Guarded by the class.
    private static @Nullable EmbeddedRedis server;

    /** Not closed with the context: other contexts use it, and it ends with the JVM. */
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    EmbeddedRedis embeddedRedis() {
        return server();
    }

    private static synchronized EmbeddedRedis server() {
        EmbeddedRedis running = server;
        if (running == null) {
            running = EmbeddedRedis.start();
            server = running;
        }
        return running;
    }
}
