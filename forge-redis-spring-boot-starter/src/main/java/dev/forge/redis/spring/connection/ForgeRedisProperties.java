package dev.forge.redis.spring.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * The properties {@code forge.redis.*}.
 *
 * <p>They stay text, because the library reads it, with the syntax and the messages of its {@code REDIS_*} variables.
 *
 * @param connectionUrl Address of Redis: redis://, rediss:// (TLS) or redis-socket://.
 * @param poolSize Maximum number of connections to one node for ordinary commands.
 * @param socketTimeout Longest wait for a connection and for a reply, in seconds or with a unit: 10, 500ms.
 * @param defaultTtl TTL of values that are set without one: in seconds, with a unit, or never.
 * @param username User to log in as.
 * @param password Password to log in with.
 * @param passwordFile File with the password, read again on each connect.
 * @param sslBundle SSL bundle with the certificates to trust and to present; needs a URL with TLS.
 * @param tlsCaFile PEM file with the certificates to trust.
 * @param tlsVerify Whether certificate and host name are verified: full or none.
 * @param tlsCertFile PEM or .p12 file with the client's own certificate, for servers that demand one.
 * @param tlsKeyFile PEM file with the key of that certificate.
 * @param tlsKeyPassword Password of that key, or of the .p12 file.
 * @param keyPrefix Prefix of every key.
 * @param readFrom Servers to read values from: primary, or replica with a sentinel or cluster URL.
 * @param nearMaxStaleness Maximum age of values in the application's memory, in seconds or with a unit.
 * @param maxValueBytes Maximum size of a key, value or argument, in bytes or with a unit: 512mb.
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
        @Nullable String sslBundle,
        @Nullable String tlsCaFile,
        @Nullable String tlsVerify,
        @Nullable String tlsCertFile,
        @Nullable String tlsKeyFile,
        @Nullable String tlsKeyPassword,
        @Nullable String keyPrefix,
        @Nullable String readFrom,
        @Nullable String nearMaxStaleness,
        @Nullable String maxValueBytes,
        @DefaultValue("false") boolean required) {

    static final String URL = "REDIS_CONNECTION_URL";
    static final String TIMEOUT = "REDIS_SOCKET_TIMEOUT";
    static final String BUNDLE = "forge.redis.ssl-bundle";

    /** The variables that together are a connection, and so come from one source. */
    static final Set<String> OF_CONNECTION = Set.of(
            URL,
            "REDIS_USERNAME",
            "REDIS_PASSWORD",
            "REDIS_PASSWORD_FILE",
            "REDIS_TLS_CA_FILE",
            "REDIS_TLS_VERIFY",
            "REDIS_TLS_CERT_FILE",
            "REDIS_TLS_KEY_FILE",
            "REDIS_TLS_KEY_PASSWORD");

    /** Returns these properties as variables, and those of {@code environment} for properties that are not set. */
    Map<String, String> variables(Environment environment) {
        Map<String, String> variables = new TreeMap<>();
        // Unknown names that look like settings are passed on too, so that the library warns about them.
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("REDIS_")) {
                variables.put(name, value);
            }
        });
        texts().forEach((name, property) -> put(variables, name, property, environment.getProperty(name)));
        return variables;
    }

    /** Returns the text of each property that is also a variable, by the name of the variable. */
    private Map<String, @Nullable String> texts() {
        Map<String, @Nullable String> texts = new TreeMap<>();
        texts.put(URL, connectionUrl);
        texts.put("REDIS_POOL_SIZE", poolSize);
        texts.put(TIMEOUT, socketTimeout);
        texts.put("REDIS_DEFAULT_TTL", defaultTtl);
        texts.put("REDIS_USERNAME", username);
        texts.put("REDIS_PASSWORD", password);
        texts.put("REDIS_PASSWORD_FILE", passwordFile);
        texts.put("REDIS_TLS_CA_FILE", tlsCaFile);
        texts.put("REDIS_TLS_VERIFY", tlsVerify);
        texts.put("REDIS_TLS_CERT_FILE", tlsCertFile);
        texts.put("REDIS_TLS_KEY_FILE", tlsKeyFile);
        texts.put("REDIS_TLS_KEY_PASSWORD", tlsKeyPassword);
        texts.put("REDIS_KEY_PREFIX", keyPrefix);
        texts.put("REDIS_READ_FROM", readFrom);
        texts.put("REDIS_NEAR_MAX_STALENESS", nearMaxStaleness);
        texts.put("REDIS_MAX_VALUE_BYTES", maxValueBytes);
        return texts;
    }

    /** Returns the names of those properties and {@code variables} that are part of a connection, and set. */
    List<String> namesOfConnection(Map<String, String> variables) {
        List<String> names = new ArrayList<>();
        variables.forEach((name, text) -> {
            if (OF_CONNECTION.contains(name) && !text.isBlank()) {
                names.add(nameOf(name));
            }
        });
        if (sslBundle != null && !sslBundle.isBlank()) {
            names.add(BUNDLE);
        }
        return names;
    }

    /** Returns {@code variable}, or the property in its place if that is set. */
    String nameOf(String variable) {
        return texts().get(variable) == null ? variable : property(variable);
    }

    /** Returns the property that sets the same as {@code variable}. */
    static String property(String variable) {
        return "forge.redis."
                + variable.substring("REDIS_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return "forge.redis.*";
    }

    private static void put(
            Map<String, String> variables, String name, @Nullable String property, @Nullable String variable) {
        String value = property != null ? property : variable;
        if (value != null) {
            variables.put(name, value);
        }
    }
}
