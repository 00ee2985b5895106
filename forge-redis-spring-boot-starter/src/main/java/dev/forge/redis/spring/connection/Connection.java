package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisLogin;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import dev.forge.redis.settings.RedisTls;
import dev.forge.redis.settings.TlsMaterial;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * An address with its login and TLS, all from one source.
 *
 * @param source what the application's author knows it by, for the log
 * @param names the properties and variables that are set for it; none for a service connection
 * @param variables the address, login and TLS, as {@code REDIS_*} variables
 * @param login the login if it is not in the variables
 * @param bundle supplies the SSL bundle, or null if there is none
 * @param wording turns the names of variables in a message into what the source calls them
 */
record Connection(
        String source,
        List<String> names,
        Map<String, String> variables,
        RedisLogin login,
        @Nullable Supplier<SslBundle> bundle,
        UnaryOperator<String> wording) {

    /** Stands for the SSL bundle in a message. */
    static final String BUNDLE = "REDIS_SSL_BUNDLE";

    /** Returns the connection of a service. */
    static Connection of(ForgeConnectionDetails details) {
        Supplier<SslBundle> bundle =
                details.sslBundle() == null ? null : () -> Objects.requireNonNull(details.sslBundle());
        return new Connection(
                service(details),
                List.of(),
                Map.of(ForgeRedisProperties.URL, details.url()),
                details.login(),
                bundle,
                wordingOf(details));
    }

    /** Returns what the log calls a service connection. */
    static String service(ConnectionDetails details) {
        return "the service connection " + details.getClass().getName();
    }

    /** Returns a function that says in a message that {@code details} are what it is about. */
    static UnaryOperator<String> wordingOf(ConnectionDetails details) {
        return text -> text.replace("REDIS_CONNECTION_URL", "the URL of " + service(details))
                .replace("REDIS_USERNAME", "the user of " + service(details))
                .replace(BUNDLE, "the SSL bundle of " + service(details));
    }

    /** Adds the parts of a login that are set, as variables. */
    static void putLogin(Map<String, String> variables, @Nullable String username, @Nullable String password) {
        putUnlessEmpty(variables, "REDIS_USERNAME", username);
        putUnlessEmpty(variables, "REDIS_PASSWORD", password);
    }

    private static void putUnlessEmpty(Map<String, String> variables, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            variables.put(name, value);
        }
    }

    /** Returns this connection with other variables, and with {@code more} wording for messages about them. */
    Connection with(Map<String, String> variables, UnaryOperator<String> more) {
        return new Connection(source, names, variables, login, bundle, text -> wording.apply(more.apply(text)));
    }

    /** @throws InvalidSettingsException if they are not valid */
    RedisSettingsBuilder settings() {
        RedisSettings read = read();
        RedisSettingsBuilder settings = read.toBuilder();
        if (!login.isNone()) {
            if (!read.login().isNone()) {
                throw problem("REDIS_CONNECTION_URL must not hold a user or password where there is a login beside it");
            }
            settings.login(login);
        }
        if (bundle != null) {
            settings.tls(tls(read.tls(), bundle));
        }
        return settings;
    }

    private RedisSettings read() {
        try {
            return RedisSettings.fromEnvironment(variables);
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(
                    e.problems().stream().map(wording).toList());
        }
    }

    private RedisTls tls(RedisTls read, Supplier<SslBundle> bundles) {
        if (!read.enabled()) {
            throw problem(BUNDLE + " needs a URL with TLS, such as rediss://, in REDIS_CONNECTION_URL");
        }
        if (read.caFile() != null || read.certificate() != null) {
            throw problem(BUNDLE + " must not be set together with REDIS_TLS_CA_FILE or REDIS_TLS_CERT_FILE");
        }
        return new RedisTls(true, read.verify(), null, null, () -> material(bundles.get()));
    }

    private static TlsMaterial material(SslBundle bundle) {
        return new TlsMaterial(
                bundle.getManagers().getKeyManagerFactory(),
                bundle.getManagers().getTrustManagerFactory(),
                listOf(bundle.getOptions().getCiphers()),
                listOf(bundle.getOptions().getEnabledProtocols()));
    }

    private static List<String> listOf(String @Nullable [] names) {
        return names == null ? List.of() : Arrays.asList(names);
    }

    private InvalidSettingsException problem(String text) {
        return new InvalidSettingsException(List.of(wording.apply(text)));
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return source;
    }
}
