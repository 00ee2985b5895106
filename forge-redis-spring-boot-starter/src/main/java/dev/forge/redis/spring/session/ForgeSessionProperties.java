package dev.forge.redis.spring.session;

import dev.forge.redis.session.SessionSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code forge.session.*}.
 *
 * @param name Name of the store, which is part of its keys. Default session.
 * @param idleTimeout How long an unused session lasts. Default 24h, or the absolute timeout if that is shorter.
 * @param absoluteTimeout How long a session lasts, even in use. Default 24h, or the idle timeout if that is longer.
 * @param secureCookie Whether the cookie is sent only over TLS to this host; false is for development. Default true.
 * @param server Name of the Redis server that keeps the sessions, one of forge.redis.servers.
 */
@ConfigurationProperties("forge.session")
record ForgeSessionProperties(
        @Nullable String name,
        @Nullable Duration idleTimeout,
        @Nullable Duration absoluteTimeout,
        @DefaultValue("true") boolean secureCookie,
        @Nullable String server) {

    SessionSettings settings() {
        SessionSettings settings = SessionSettings.defaults();
        Duration idle = idleTimeout != null ? idleTimeout : least(settings.idleTimeout(), absoluteTimeout);
        Duration absolute = absoluteTimeout != null ? absoluteTimeout : most(settings.absoluteTimeout(), idle);
        settings = settings.withTimeouts(idle, absolute);
        return name == null ? settings : settings.withName(name);
    }

    private static Duration least(Duration standard, @Nullable Duration limit) {
        return limit != null && limit.compareTo(standard) < 0 ? limit : standard;
    }

    private static Duration most(Duration standard, Duration limit) {
        return limit.compareTo(standard) > 0 ? limit : standard;
    }
}
