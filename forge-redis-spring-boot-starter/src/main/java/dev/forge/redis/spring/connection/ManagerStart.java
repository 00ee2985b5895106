package dev.forge.redis.spring.connection;

import dev.forge.redis.RedisManager;
import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.settings.RedisSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects a manager when the application starts. */
final class ManagerStart {

    private static final Logger LOG = LoggerFactory.getLogger(ForgeRedisAutoConfiguration.class);

    private ManagerStart() {}

    /**
     * Returns a manager that is connected, or that connects later if Redis is unavailable and not required.
     *
     * @param property the property that says whether Redis is required
     * @param connection where the address comes from, or null if the application made the settings itself
     * @throws RequiredRedisException if Redis is required and unavailable
     */
    static RedisManager open(
            RedisSettings settings, boolean required, String property, @Nullable Connection connection) {
        RedisManager manager = RedisManager.create(settings);
        try {
            manager.initializeSync();
        } catch (RedisFailure e) {
            if (required) {
                manager.close();
                throw new RequiredRedisException(e, settings, property, connection);
            }
            LOG.warn("Starting without Redis: {}", e.getMessage());
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
        return manager;
    }
}
