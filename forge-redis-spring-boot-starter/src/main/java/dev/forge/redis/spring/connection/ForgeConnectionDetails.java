package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.RedisLogin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Where a service says that its Redis is; a bean of this type decides what the {@code RedisManager} connects to.
 *
 * <p>It takes precedence over every property and variable with an address, a login or TLS. The other settings, such as
 * {@code forge.redis.pool-size}, still come from there.
 */
@FunctionalInterface
public interface ForgeConnectionDetails extends ConnectionDetails {

    /** Returns the address, as {@code forge.redis.connection-url} takes it. */
    String url();

    /** Returns the user and password, if {@link #url()} does not hold them. */
    default RedisLogin login() {
        return RedisLogin.NONE;
    }

    /**
     * Returns the certificates to trust and to present, if {@link #url()} asks for TLS, or null for those that the JVM
     * trusts. This is called at each connect.
     */
    default @Nullable SslBundle sslBundle() {
        return null;
    }
}
