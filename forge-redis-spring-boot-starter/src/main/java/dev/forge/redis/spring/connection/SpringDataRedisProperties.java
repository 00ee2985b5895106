package dev.forge.redis.spring.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** The properties {@code spring.data.redis.*} that say where Redis is, whether Spring Data Redis is there or not. */
record SpringDataRedisProperties(
        @Nullable String url,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable Integer database,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue Ssl ssl,
        @Nullable Duration timeout,
        @Nullable Duration connectTimeout,
        @DefaultValue Sentinel sentinel,
        @DefaultValue Nodes cluster,
        @DefaultValue Nodes masterreplica) {

    static final String PREFIX = "spring.data.redis.";

    record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {
        boolean isOn() {
            return enabled != null ? enabled : bundle != null;
        }
    }

    record Sentinel(
            @Nullable String master,
            @DefaultValue List<String> nodes,
            @Nullable String username,
            @Nullable String password) {}

    record Nodes(@DefaultValue List<String> nodes) {}

    static SpringDataRedisProperties of(Environment environment) {
        return Binder.get(environment).bindOrCreate("spring.data.redis", SpringDataRedisProperties.class);
    }

    /** Returns the longest wait; Forge has one for connecting and for a reply. */
    Optional<Duration> longestWait() {
        return Optional.ofNullable(timeout != null ? timeout : connectTimeout);
    }

    /** Returns whether any of them is set that says where Redis is, or how to log in. */
    boolean areSet() {
        return Stream.of(url, host, port, database, username, password, ssl.enabled, ssl.bundle, sentinel.master)
                        .anyMatch(Objects::nonNull)
                || !sentinel.nodes.isEmpty()
                || !cluster.nodes.isEmpty()
                || !masterreplica.nodes.isEmpty();
    }

    /** @throws UnusableConnectionException if they ask for what Forge does not do */
    Connection connection(Function<String, Supplier<SslBundle>> bundles) {
        refuse(problems());
        Map<String, String> variables = new TreeMap<>();
        variables.put(ForgeRedisProperties.URL, forgeUrl());
        if (url == null) {
            putUnlessEmpty(variables, "REDIS_USERNAME", username);
            putUnlessEmpty(variables, "REDIS_PASSWORD", password);
        }
        Supplier<SslBundle> bundle = ssl.isOn() && ssl.bundle != null ? bundles.apply(ssl.bundle) : null;
        return new Connection("spring.data.redis.*", variables, bundle, SpringDataRedisProperties::worded);
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (!masterreplica.nodes.isEmpty()) {
            problems.add(PREFIX + "masterreplica.nodes is not supported; name Sentinels (" + PREFIX
                    + "sentinel.*) or a cluster (" + PREFIX + "cluster.nodes)");
        }
        if (!sentinel.nodes.isEmpty() && sentinel.master == null) {
            problems.add(PREFIX + "sentinel.nodes needs " + PREFIX + "sentinel.master");
        }
        if (sentinel.master != null && sentinel.nodes.isEmpty()) {
            problems.add(PREFIX + "sentinel.master needs " + PREFIX + "sentinel.nodes");
        }
        boolean ownLogin = isSet(sentinel.username) || isSet(sentinel.password);
        if (ownLogin
                && (!Objects.equals(sentinel.username, username) || !Objects.equals(sentinel.password, password))) {
            problems.add(PREFIX + "sentinel.username and " + PREFIX + "sentinel.password must be " + PREFIX
                    + "username and " + PREFIX + "password, because Forge logs in to both with these");
        }
        if (!cluster.nodes.isEmpty() && database != null && database != 0) {
            problems.add(PREFIX + "database must be 0 with " + PREFIX + "cluster.nodes, but was " + database);
        }
        return problems;
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new UnusableConnectionException(problems);
        }
    }

    /** As Boot does: Sentinels before a cluster, a cluster before one server, and there the URL before the host. */
    private String forgeUrl() {
        int number = database == null ? 0 : database;
        if (sentinel.master != null && !sentinel.nodes.isEmpty()) {
            return Urls.sentinels(ssl.isOn(), sentinel.nodes, number, sentinel.master);
        }
        if (!cluster.nodes.isEmpty()) {
            return Urls.cluster(ssl.isOn(), cluster.nodes);
        }
        return url == null
                ? Urls.node(ssl.isOn(), host == null ? "localhost" : host, port == null ? 6379 : port, number)
                : Urls.ofBoot(url, ssl.isOn());
    }

    private static String worded(String text) {
        return text.replace(ForgeRedisProperties.URL, PREFIX + "url")
                .replace("REDIS_PASSWORD_FILE", "forge.redis.password-file")
                .replace("REDIS_USERNAME", PREFIX + "username")
                .replace("REDIS_PASSWORD", PREFIX + "password")
                .replace("REDIS_SSL_BUNDLE", PREFIX + "ssl.bundle");
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static void putUnlessEmpty(Map<String, String> variables, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            variables.put(name, value);
        }
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return PREFIX + "*";
    }
}
