package dev.forge.redis.spring.connection;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.env.Environment;

/**
 * The properties {@code forge.redis.*}. Each can also be set as the variable {@code REDIS_*} of the same name.
 *
 * @param connectionUrl Address of Redis: redis://, rediss:// (TLS) or redis-socket://. Default redis://localhost:6379.
 * @param poolSize Maximum number of connections to one node for ordinary commands. Default 5.
 * @param socketTimeout Longest wait for a connection and for a reply, in seconds or with a unit: 10, 500ms. Default 10.
 * @param defaultTtl TTL of values that are set without one: in seconds, with a unit, or never. Default 3600.
 * @param username User to log in as.
 * @param password Password to log in with.
 * @param passwordFile File with the password, read again on each connect.
 * @param tlsCaFile PEM file with the certificates to trust.
 * @param tlsVerify Whether certificate and host name are verified: full or none. Default full.
 * @param tlsCertFile PEM or .p12 file with the client's own certificate, for servers that demand one; read at each
 *     connect.
 * @param tlsKeyFile PEM file with the key of that certificate.
 * @param tlsKeyPassword Password of that key, or of the .p12 file.
 * @param keyPrefix Prefix of every key.
 * @param readFrom Servers to read values from: primary, or replica with a sentinel or cluster URL. Default primary.
 * @param nearMaxStaleness Maximum age of values in the application's memory, in seconds or with a unit, from 100ms.
 *     Default 1.
 * @param maxValueBytes Maximum size of a key, value or argument, in bytes or with a unit: 512mb. Default 512mb.
 * @param required Whether the application refuses to start without Redis.
 */
@ConfigurationProperties("forge.redis")
record ForgeRedisProperties(
        @Nullable String connectionUrl,
        @Nullable String poolSize,
        @Nullable String socketTimeout,
        @Nullable String defaultTtl,
        @Nullable String username,
        @Nullable String password,
        @Nullable String passwordFile,
        @Nullable String tlsCaFile,
        @Nullable String tlsVerify,
        @Nullable String tlsCertFile,
        @Nullable String tlsKeyFile,
        @Nullable String tlsKeyPassword,
        @Nullable String keyPrefix,
        @Nullable String readFrom,
        @Nullable String nearMaxStaleness,
        @Nullable String maxValueBytes,
        boolean required) {

    /** Returns these properties as variables, and those of {@code environment} for properties that are not set. */
    Map<String, String> variables(Environment environment) {
        Map<String, String> variables = new TreeMap<>();
        // Unknown names that look like settings are passed on too, so that the library warns about them.
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("REDIS_")) {
                variables.put(name, value);
            }
        });
        put(variables, environment, "REDIS_CONNECTION_URL", connectionUrl);
        put(variables, environment, "REDIS_POOL_SIZE", poolSize);
        put(variables, environment, "REDIS_SOCKET_TIMEOUT", socketTimeout);
        put(variables, environment, "REDIS_DEFAULT_TTL", defaultTtl);
        put(variables, environment, "REDIS_USERNAME", username);
        put(variables, environment, "REDIS_PASSWORD", password);
        put(variables, environment, "REDIS_PASSWORD_FILE", passwordFile);
        put(variables, environment, "REDIS_TLS_CA_FILE", tlsCaFile);
        put(variables, environment, "REDIS_TLS_VERIFY", tlsVerify);
        put(variables, environment, "REDIS_TLS_CERT_FILE", tlsCertFile);
        put(variables, environment, "REDIS_TLS_KEY_FILE", tlsKeyFile);
        put(variables, environment, "REDIS_TLS_KEY_PASSWORD", tlsKeyPassword);
        put(variables, environment, "REDIS_KEY_PREFIX", keyPrefix);
        put(variables, environment, "REDIS_READ_FROM", readFrom);
        put(variables, environment, "REDIS_NEAR_MAX_STALENESS", nearMaxStaleness);
        put(variables, environment, "REDIS_MAX_VALUE_BYTES", maxValueBytes);
        return variables;
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return "forge.redis.*";
    }

    private static void put(
            Map<String, String> variables, Environment environment, String name, @Nullable String property) {
        String value = property != null ? property : environment.getProperty(name);
        if (value != null) {
            variables.put(name, value);
        }
    }
}
