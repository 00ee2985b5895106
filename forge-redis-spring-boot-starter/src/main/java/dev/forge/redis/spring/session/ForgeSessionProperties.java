package dev.forge.redis.spring.session;

import dev.forge.redis.session.SessionSettings;
import dev.forge.redis.spring.connection.Property;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code forge.session.*}.
 *
 * @param name Name of the store, which is part of its keys. Default session.
 * @param idleTimeout How long an unused session lasts: seconds, or with a unit. Default spring.session.timeout, or 24h, or the absolute timeout if that is shorter.
 * @param absoluteTimeout How long a session lasts, even in use: seconds, or with a unit. Default 24h, or the idle timeout if that is longer.
 * @param maxSize Maximum size of the names and values of one session. Default 16KB.
 * @param secureCookie Whether the cookie is sent only over TLS to this host; false is for development. Default true.
 * @param httpSession Whether HttpSession is kept in the store, if Spring Session is present. Default true.
 * @param server Name of the Redis server that keeps the sessions, one of forge.redis.servers.
 */
@ConfigurationProperties("forge.session")
record ForgeSessionProperties(
        @Nullable String name,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration idleTimeout,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration absoluteTimeout,
        @Nullable DataSize maxSize,
        @Nullable Boolean secureCookie,
        @DefaultValue("true") boolean httpSession,
        @Nullable String server) {

    /**
     * @param httpTimeout how long Spring's properties keep an unused {@code HttpSession}, or null
     * @throws dev.forge.redis.settings.InvalidSettingsException if a property has a value that cannot be used
     */
    SessionSettings settings(@Nullable Duration httpTimeout) {
        SessionSettings standard = SessionSettings.defaults();
        Duration wanted = idleTimeout != null ? idleTimeout : httpTimeout;
        Duration idle = wanted != null ? wanted : least(standard.idleTimeout(), absoluteTimeout);
        Duration absolute = absoluteTimeout != null ? absoluteTimeout : most(standard.absoluteTimeout(), idle);
        SessionSettings timed = Property.checked(
                "forge.session.idle-timeout and forge.session.absolute-timeout",
                () -> standard.withTimeouts(idle, absolute));
        SessionSettings sized = maxSize == null
                ? timed
                : Property.checked("forge.session.max-size", () -> timed.withMaxBytes(bytes(maxSize)));
        return name == null ? sized : Property.checked("forge.session.name", () -> sized.withName(name));
    }

    private static int bytes(DataSize size) {
        return (int) Math.min(Integer.MAX_VALUE, size.toBytes());
    }

    private static Duration least(Duration standard, @Nullable Duration limit) {
        return limit != null && limit.compareTo(standard) < 0 ? limit : standard;
    }

    private static Duration most(Duration standard, Duration limit) {
        return limit.compareTo(standard) > 0 ? limit : standard;
    }
}
