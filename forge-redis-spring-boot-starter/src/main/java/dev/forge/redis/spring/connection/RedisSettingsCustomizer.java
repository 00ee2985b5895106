package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisSettingsBuilder;

/**
 * Changes the settings before a {@code RedisManager} is made of them; every bean of this type is called, in its order.
 *
 * <p>It is not called for a {@code RedisSettings} bean of the application.
 */
@FunctionalInterface
public interface RedisSettingsCustomizer {

    /** Changes the settings of the server of {@code forge.redis.*}. */
    void customize(RedisSettingsBuilder settings);

    /**
     * Changes the settings of the server {@code name} of {@code forge.redis.servers.*}.
     *
     * <p>It does nothing unless it is implemented, so that a login that is set for one server never goes to another.
     */
    default void customize(String name, RedisSettingsBuilder settings) {}
}
