package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.ReadFrom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code forge.redis.*}.
 *
 * <p>The library reads them as its {@code REDIS_*} variables, and so says what is wrong with them in the same words.
 *
 * @param connectionUrl Address of Redis: redis://, redis-sentinel:// or redis-cluster://, with TLS rediss; or redis-socket://.
 * @param poolSize Connections to each node that are reserved for blocking callers, besides the shared one; 0: none.
 * @param socketTimeout Longest wait for a connection and for a reply: seconds, or with a unit.
 * @param defaultTtl TTL of values that are set without one: seconds, or with a unit; 0: they do not expire.
 * @param username User to log in as.
 * @param password Password to log in with.
 * @param passwordFile File with the password, read again on each connect.
 * @param sslBundle SSL bundle with the certificates to trust and to present; needs a URL with TLS.
 * @param tlsCaFile PEM file with the certificates to trust, instead of those of the JVM.
 * @param tlsVerify Whether certificate and host name are verified.
 * @param tlsCertFile PEM or .p12 file with the client's own certificate, for servers that demand one.
 * @param tlsKeyFile PEM file with the key of that certificate.
 * @param tlsKeyPassword Password of that key, or of the .p12 file.
 * @param keyPrefix Prefix of every key of the manager and the features.
 * @param readFrom Servers to read values from; replicas need a sentinel or cluster URL.
 * @param nearMaxStaleness Maximum age of values in the application's memory: seconds, or with a unit.
 * @param maxValueBytes Maximum size of a key, value or argument.
 * @param required Whether the application refuses to start without Redis.
 */
@ConfigurationProperties("forge.redis")
record ForgeRedisProperties(
        @Nullable String connectionUrl,
        @Nullable Integer poolSize,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration socketTimeout,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration defaultTtl,
        @Nullable String username,
        @Nullable String password,
        @Nullable String passwordFile,
        @Nullable String sslBundle,
        @Nullable String tlsCaFile,
        @Nullable TlsVerify tlsVerify,
        @Nullable String tlsCertFile,
        @Nullable String tlsKeyFile,
        @Nullable String tlsKeyPassword,
        @Nullable String keyPrefix,
        @Nullable ReadFrom readFrom,
        @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration nearMaxStaleness,
        @Nullable DataSize maxValueBytes,
        @DefaultValue("false") boolean required) {

    /** Whether certificate and host name are verified. */
    enum TlsVerify {
        /** Certificate and host name are verified. */
        FULL,
        /** Any server is trusted, and so is any attacker on the way. */
        NONE
    }

    static final String URL = "REDIS_CONNECTION_URL";
    static final String TIMEOUT = "REDIS_SOCKET_TIMEOUT";

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
        all().forEach((name, own) -> {
            String value = own != null ? own : environment.getProperty(name);
            if (value != null) {
                variables.put(name, value);
            }
        });
        return variables;
    }

    /** Returns the names of all variables that are also properties. */
    Set<String> names() {
        return all().keySet();
    }

    /** Returns the text of each property that is set and also a variable, by the name of the variable. */
    Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        all().forEach((name, value) -> {
            if (value != null) {
                texts.put(name, value);
            }
        });
        return texts;
    }

    private Map<String, @Nullable String> all() {
        Map<String, @Nullable String> all = new TreeMap<>();
        all.put(URL, connectionUrl);
        all.put("REDIS_POOL_SIZE", poolSize == null ? null : poolSize.toString());
        all.put(TIMEOUT, text(socketTimeout));
        all.put("REDIS_DEFAULT_TTL", defaultTtl != null && defaultTtl.isZero() ? "never" : text(defaultTtl));
        all.put("REDIS_USERNAME", username);
        all.put("REDIS_PASSWORD", password);
        all.put("REDIS_PASSWORD_FILE", passwordFile);
        all.put("REDIS_TLS_CA_FILE", tlsCaFile);
        all.put("REDIS_TLS_VERIFY", text(tlsVerify));
        all.put("REDIS_TLS_CERT_FILE", tlsCertFile);
        all.put("REDIS_TLS_KEY_FILE", tlsKeyFile);
        all.put("REDIS_TLS_KEY_PASSWORD", tlsKeyPassword);
        all.put("REDIS_KEY_PREFIX", keyPrefix);
        all.put("REDIS_READ_FROM", text(readFrom));
        all.put("REDIS_NEAR_MAX_STALENESS", text(nearMaxStaleness));
        all.put("REDIS_MAX_VALUE_BYTES", maxValueBytes == null ? null : Long.toString(maxValueBytes.toBytes()));
        return all;
    }

    private static @Nullable String text(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() + "ms";
    }

    private static @Nullable String text(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the names of those properties and {@code variables} that are part of a connection, and set. */
    List<String> namesOfConnection(Map<String, String> variables) {
        return partsOfConnection(variables).stream().map(this::nameOf).toList();
    }

    /** Returns those of {@code variables} that are part of a connection and set, and the SSL bundle. */
    List<String> partsOfConnection(Map<String, String> variables) {
        List<String> names = new ArrayList<>();
        variables.forEach((name, text) -> {
            if (OF_CONNECTION.contains(name) && !text.isBlank()) {
                names.add(name);
            }
        });
        if (sslBundle != null && !sslBundle.isBlank()) {
            names.add(Connection.BUNDLE);
        }
        return names;
    }

    /** Returns the SSL bundle, found by its name, or null if none is set. */
    @Nullable
    Supplier<SslBundle> bundle(Function<String, Supplier<SslBundle>> bundles) {
        return sslBundle == null || sslBundle.isBlank() ? null : bundles.apply(sslBundle);
    }

    /** Returns {@code variable}, or the property in its place if that is set or there is no such variable. */
    String nameOf(String variable) {
        return texts().containsKey(variable) || variable.equals(Connection.BUNDLE) ? property(variable) : variable;
    }

    /** Returns the property that sets the same as {@code variable}. */
    static String property(String variable) {
        return property("forge.redis.", variable);
    }

    /** Returns the property with {@code prefix} that sets the same as {@code variable}. */
    static String property(String prefix, String variable) {
        return prefix
                + variable.substring("REDIS_".length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return "forge.redis.*";
    }
}
