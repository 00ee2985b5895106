package dev.forge.redis.settings;

import dev.forge.redis.key.RedisKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the settings from variables, and collects every problem before it fails. */
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

    public static final List<String> NAMES = Stream.concat(
                    Stream.of(
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
                            MAX_VALUE_BYTES),
                    TlsVariables.NAMES.stream())
            .toList();

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(kb|mb|gb)?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final int MOST_CONNECTIONS = 1024;
    private static final int LONGEST_PREFIX = 128;

    private static final Pattern ADDRESS = Pattern.compile("URL|URI|HOST|DSN|ADDR");

    // The variables that Kubernetes and Docker links set for a service named "redis".
    private static final Pattern INJECTED = Pattern.compile("REDIS_(SERVICE_.*|PORT|PORT_.*|NAME|ENV_.*)");

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(Map<String, String> variables) {
        this.variables = variables;
    }

    RedisSettings read() {
        unknownNames(variables.keySet()).forEach(LOG::warn);
        RedisUrl url = RedisUrl.parse(text(URL).orElse("redis://localhost:6379"), problems);
        RedisSettingsBuilder settings = new RedisSettingsBuilder(url.endpoint())
                .database(url.database())
                .login(login(url.login()))
                .tls(new TlsVariables(variables, this::existingFile, problems).read(url.tls()));
        text(POOL_SIZE).map(this::poolSize).ifPresent(settings::poolSize);
        text(SOCKET_TIMEOUT).map(this::socketTimeout).ifPresent(settings::socketTimeout);
        text(DEFAULT_TTL).map(this::defaultTtl).ifPresent(settings::defaultTtl);
        text(KEY_PREFIX).map(this::keyPrefix).ifPresent(settings::keyPrefix);
        text(READ_FROM).map(text -> readFrom(text, url.endpoint())).ifPresent(settings::readFrom);
        text(NEAR_MAX_STALENESS).map(this::nearMaxStaleness).ifPresent(settings::nearMaxStaleness);
        text(MAX_VALUE_BYTES).map(this::maxValueBytes).ifPresent(settings::maxValueBytes);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return settings.build();
    }

    /** Returns a warning for each name that looks like a setting but is not one. */
    static List<String> unknownNames(Collection<String> names) {
        List<String> warnings = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (name.startsWith("REDIS_")
                    && !NAMES.contains(name)
                    && !INJECTED.matcher(name).matches()) {
                warnings.add(name + " is not a setting of Forge and is ignored; did you mean " + nearest(name) + "?");
            }
        }
        return warnings;
    }

    private RedisLogin login(RedisLogin inUrl) {
        Optional<String> username = text(USERNAME);
        Optional<String> password = Optional.ofNullable(variables.get(PASSWORD)).filter(value -> !value.isEmpty());
        Optional<Path> file = existingFile(PASSWORD_FILE);
        if (password.isPresent() && text(PASSWORD_FILE).isPresent()) {
            problems.add(PASSWORD + " and " + PASSWORD_FILE + " must not both be set");
        }
        if (!inUrl.isNone() && (username.isPresent() || password.isPresent() || file.isPresent())) {
            problems.add(URL + " must not hold a user or password when " + USERNAME + ", " + PASSWORD + " or "
                    + PASSWORD_FILE + " is set");
        }
        if (username.isPresent() && password.isEmpty() && text(PASSWORD_FILE).isEmpty() && inUrl.isNone()) {
            problems.add(USERNAME + " needs " + PASSWORD + " or " + PASSWORD_FILE);
        }
        if (file.isPresent()) {
            return RedisLogin.ofFile(username.orElse(null), file.get());
        }
        return password.map(secret -> RedisLogin.of(username.orElse(null), secret))
                .orElse(inUrl);
    }

    private int poolSize(String text) {
        int size = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (size < 0 || size > MOST_CONNECTIONS) {
            problems.add(POOL_SIZE + " must be a number from 0 to " + MOST_CONNECTIONS + ", but was " + shown(text));
        }
        return size;
    }

    private Duration socketTimeout(String text) {
        Duration timeout = duration(text);
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
        Duration ttl = duration(text);
        if (ttl.isZero() || ttl.compareTo(Ttl.LONGEST) > 0) {
            problems.add(DEFAULT_TTL + " must be a number of seconds from 1 up to ten years, or never, but was "
                    + shown(text));
        }
        return ttl;
    }

    private String keyPrefix(String prefix) {
        if (prefix.length() > LONGEST_PREFIX
                || prefix.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "{}*?[]\\".indexOf(c) >= 0)
                || RedisKey.hasLoneSurrogate(prefix)) {
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
                    + ", which tell where the replicas are");
        }
        return replica ? ReadFrom.REPLICA : ReadFrom.PRIMARY;
    }

    private Duration nearMaxStaleness(String text) {
        Duration staleness = duration(text);
        if (staleness.compareTo(RedisSettings.LEAST_STALENESS) < 0
                || staleness.compareTo(RedisSettings.MOST_STALENESS) > 0) {
            problems.add(NEAR_MAX_STALENESS + " must be from 100ms to 1m, such as 1 or 250ms, but was " + shown(text));
        }
        return staleness;
    }

    private long maxValueBytes(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        long bytes = matcher.matches() ? Long.parseLong(matcher.group(1)) * unitBytes(matcher.group(2)) : 0;
        if (bytes < RedisSettings.LEAST_VALUE_BYTES || bytes > RedisSettings.MOST_VALUE_BYTES) {
            problems.add(MAX_VALUE_BYTES + " must be a number of bytes from 64kb to " + RedisSettings.MOST_VALUE_BYTES
                    + ", such as 512mb, but was " + shown(text));
        }
        return bytes;
    }

    /** Returns how many bytes a unit of size is: a power of 1024, as in the settings of Redis. */
    private static long unitBytes(@Nullable String unit) {
        return unit == null
                ? 1
                : switch (unit) {
                    case "kb" -> 1L << 10;
                    case "mb" -> 1L << 20;
                    default -> 1L << 30;
                };
    }

    private Optional<Path> existingFile(String name) {
        return text(name).flatMap(text -> {
            try {
                Path path = Path.of(text);
                if (Files.isReadable(path) && !Files.isDirectory(path)) {
                    return Optional.of(path);
                }
            } catch (IllegalArgumentException e) {
                // Not a valid path: the same problem to report.
            }
            problems.add(name + " must name a file that can be read, but was " + shown(text));
            return Optional.empty();
        });
    }

    /** Returns the value of a variable without surrounding blanks, or nothing if it is blank. */
    private Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Returns the duration in {@code text}, in seconds if it has no unit; zero if it is not a duration. */
    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Duration.ZERO;
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static String shown(String value) {
        return "'" + RedisKey.shown(value) + "'";
    }

    private static String nearest(String name) {
        if (ADDRESS.matcher(name).find()) {
            return URL;
        }
        String best = URL;
        int least = Integer.MAX_VALUE;
        for (String candidate : NAMES) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Returns the number of characters to add, drop or replace between two names (Levenshtein 1966). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
