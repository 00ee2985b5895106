package dev.forge.redis.settings;

import dev.forge.redis.key.RedisKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings from variables, and collects every problem before it fails.
 *
 * <p>It runs while an application starts. The code that every start needs uses no lambdas, streams or regular
 * expressions: the first use of each takes a JVM a third of a millisecond, and several for the first of its kind.
 */
public final class SettingsReader {

    static final String URL = "REDIS_CONNECTION_URL";
    static final String POOL_SIZE = "REDIS_POOL_SIZE";
    static final String SOCKET_TIMEOUT = "REDIS_SOCKET_TIMEOUT";
    static final String DEFAULT_TTL = "REDIS_DEFAULT_TTL";
    static final String USERNAME = "REDIS_USERNAME";
    static final String PASSWORD = "REDIS_PASSWORD";
    static final String PASSWORD_FILE = "REDIS_PASSWORD_FILE";
    static final String KEY_PREFIX = "REDIS_KEY_PREFIX";
    static final String READ_FROM = "REDIS_READ_FROM";
    static final String NEAR_MAX_STALENESS = "REDIS_NEAR_MAX_STALENESS";
    public static final String MAX_VALUE_BYTES = "REDIS_MAX_VALUE_BYTES";

    public static final List<String> NAMES = List.of(
            URL,
            POOL_SIZE,
            SOCKET_TIMEOUT,
            DEFAULT_TTL,
            USERNAME,
            PASSWORD,
            PASSWORD_FILE,
            KEY_PREFIX,
            READ_FROM,
            NEAR_MAX_STALENESS,
            MAX_VALUE_BYTES,
            TlsVariables.CA_FILE,
            TlsVariables.VERIFY,
            TlsVariables.CERT_FILE,
            TlsVariables.KEY_FILE,
            TlsVariables.KEY_PASSWORD);

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final int MOST_CONNECTIONS = 1024;
    private static final int LONGEST_PREFIX = 128;

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> variables) {
        this.variables = variables;
    }

    RedisSettings read() {
        for (String warning : unknownNames(variables.keySet())) {
            LOG.warn(warning);
        }
        String urlText = text(URL);
        RedisUrl url = RedisUrl.parse(urlText == null ? "redis://localhost:6379" : urlText, problems);
        RedisSettingsBuilder settings = new RedisSettingsBuilder(url.endpoint())
                .database(url.database())
                .login(login(url.login()))
                .tls(new TlsVariables(this, problems).read(url.tls()));
        for (String name : NAMES) {
            String text = text(name);
            if (text != null) {
                read(name, text, settings);
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return settings.build();
    }

    /** Reads a variable that depends on no other. */
    private void read(String name, String text, RedisSettingsBuilder settings) {
        switch (name) {
            case POOL_SIZE -> settings.poolSize(poolSize(text));
            case SOCKET_TIMEOUT -> settings.socketTimeout(socketTimeout(text));
            case DEFAULT_TTL -> settings.defaultTtl(defaultTtl(text));
            case KEY_PREFIX -> settings.keyPrefix(keyPrefix(text));
            case READ_FROM -> settings.readFrom(readFrom(text, settings.endpoint));
            case NEAR_MAX_STALENESS -> settings.nearMaxStaleness(nearMaxStaleness(text));
            case MAX_VALUE_BYTES -> settings.maxValueBytes(maxValueBytes(text));
            default -> {
                // The URL, the login and TLS, which are read together.
            }
        }
    }

    /** Returns a warning for each name that looks like a setting but is not one. */
    static List<String> unknownNames(Collection<String> names) {
        List<String> warnings = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (name.startsWith("REDIS_") && !NAMES.contains(name)) {
                UnknownName.warning(name).ifPresent(warnings::add);
            }
        }
        return warnings;
    }

    private RedisLogin login(RedisLogin inUrl) {
        String username = text(USERNAME);
        String password = secret(PASSWORD);
        Path file = existingFile(PASSWORD_FILE);
        boolean hasFile = text(PASSWORD_FILE) != null;
        if (!password.isEmpty() && hasFile) {
            problems.add(PASSWORD + " and " + PASSWORD_FILE + " must not both be set");
        }
        if (!inUrl.isNone() && (username != null || !password.isEmpty() || file != null)) {
            problems.add(URL + " must not hold a user or password when " + USERNAME + ", " + PASSWORD + " or "
                    + PASSWORD_FILE + " is set");
        }
        if (username != null && password.isEmpty() && !hasFile && inUrl.isNone()) {
            problems.add(USERNAME + " needs " + PASSWORD + " or " + PASSWORD_FILE);
        }
        if (file != null) {
            return RedisLogin.ofFile(username, file);
        }
        return password.isEmpty() ? inUrl : RedisLogin.of(username, password);
    }

    private int poolSize(String text) {
        int size = Amount.count(text);
        if (size < 0 || size > MOST_CONNECTIONS) {
            problems.add(POOL_SIZE + " must be a number from 0 to " + MOST_CONNECTIONS + ", but was " + shown(text));
        }
        return size;
    }

    private Duration socketTimeout(String text) {
        Duration timeout = Amount.duration(text);
        if (timeout.isZero() || timeout.compareTo(RedisSettings.LONGEST_TIMEOUT) > 0) {
            problems.add(SOCKET_TIMEOUT + " must be a number of seconds up to one hour, such as 10 or 500ms, but was "
                    + shown(text));
        }
        return timeout;
    }

    private Duration defaultTtl(String text) {
        if (text.equalsIgnoreCase("never")) {
            return Ttl.NO_EXPIRY;
        }
        Duration ttl = Amount.duration(text);
        if (ttl.isZero() || ttl.compareTo(Ttl.LONGEST) > 0) {
            problems.add(DEFAULT_TTL + " must be a number of seconds from 1 up to ten years, or never, but was "
                    + shown(text));
        }
        return ttl;
    }

    private String keyPrefix(String prefix) {
        if (prefix.length() > LONGEST_PREFIX
                || prefix.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "{}*?[]\\".indexOf(c) >= 0)
                || !RedisKey.isUnicode(prefix)) {
            problems.add(KEY_PREFIX + " must have at most " + LONGEST_PREFIX
                    + " characters, without blanks and without { } * ? [ ] \\, but was " + shown(prefix));
        }
        return prefix;
    }

    private ReadFrom readFrom(String text, RedisEndpoint endpoint) {
        boolean replica = text.equalsIgnoreCase("replica");
        if (!replica && !text.equalsIgnoreCase("primary")) {
            problems.add(READ_FROM + " must be primary or replica, but was " + shown(text));
        }
        if (replica && !endpoint.knowsReplicas()) {
            problems.add(READ_FROM + " can be replica only with redis-sentinel:// or redis-cluster:// in " + URL
                    + ", which say where the replicas are");
        }
        return replica ? ReadFrom.REPLICA : ReadFrom.PRIMARY;
    }

    private Duration nearMaxStaleness(String text) {
        Duration staleness = Amount.duration(text);
        if (staleness.compareTo(RedisSettings.LEAST_STALENESS) < 0
                || staleness.compareTo(RedisSettings.MOST_STALENESS) > 0) {
            problems.add(NEAR_MAX_STALENESS + " must be from 100ms to 1m, such as 1 or 250ms, but was " + shown(text));
        }
        return staleness;
    }

    private long maxValueBytes(String text) {
        long bytes = Amount.bytes(text);
        if (bytes < RedisSettings.LEAST_VALUE_BYTES || bytes > RedisSettings.MOST_VALUE_BYTES) {
            problems.add(MAX_VALUE_BYTES + " must be a number of bytes from 64kb to " + RedisSettings.MOST_VALUE_BYTES
                    + ", such as 512mb, but was " + shown(text));
        }
        return bytes;
    }

    /** Returns the file that a variable names; null if there is none, which is a problem if the variable is set. */
    @Nullable
    Path existingFile(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            Path path = Path.of(text);
            if (Files.isReadable(path) && !Files.isDirectory(path)) {
                return path;
            }
        } catch (IllegalArgumentException e) {
            // Not a valid path: reported as the same problem.
        }
        problems.add(name + " must name a file that can be read, but was " + shown(text));
        return null;
    }

    /** Returns the value of a variable without surrounding blanks, or null if it is blank. */
    @Nullable
    String text(String name) {
        String text = secret(name).strip();
        return text.isEmpty() ? null : text;
    }

    /** Returns the value of a variable as it is, which is empty if it is not set. */
    String secret(String name) {
        String value = variables.get(name);
        return value == null ? "" : value;
    }

    private static String shown(String value) {
        return "'" + RedisKey.shown(value) + "'";
    }
}
