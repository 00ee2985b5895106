package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisSettingsBuilder;

/**
 * Changes the settings before a {@code RedisManager} is made of them; every bean of this type is called, in its order.
 *
 * <p>It is not called for a {@code RedisSettings} bean of the application.
 */
@FunctionalInterface
public interface RedisSettingsCustomizer {

    /** Changes the settings of the {@code RedisManager}. */
    void customize(RedisSettingsBuilder settings);
}
