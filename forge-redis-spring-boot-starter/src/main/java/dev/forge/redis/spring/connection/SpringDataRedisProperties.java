package dev.forge.redis.spring.connection;

import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisLogin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** The properties {@code spring.data.redis.*} that say where Redis is, whether Spring Data Redis is present or not. */
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

    /** Returns the longest wait as a variable has it; Forge has one for connecting and for a reply. */
    @Nullable
    String longestWait() {
        Duration wait = timeout != null ? timeout : connectTimeout;
        return wait == null ? null : wait.toMillis() + "ms";
    }

    String wordedWait(String text) {
        return text.replace(ForgeRedisProperties.TIMEOUT, PREFIX + (timeout != null ? "timeout" : "connect-timeout"));
    }

    /** Returns whether any of them is set that says where Redis is, or how to log in. */
    boolean areSet() {
        return !names().isEmpty();
    }

    /** Returns the names of those that are set and that are part of a connection. */
    private List<String> names() {
        Map<String, @Nullable Object> values = new TreeMap<>();
        values.put("url", url);
        values.put("host", host);
        values.put("port", port);
        values.put("database", database);
        values.put("username", username);
        values.put("password", password);
        values.put("ssl.enabled", ssl.enabled);
        values.put("ssl.bundle", ssl.bundle);
        values.put("sentinel.master", sentinel.master);
        values.put("sentinel.nodes", sentinel.nodes);
        values.put("sentinel.username", sentinel.username);
        values.put("sentinel.password", sentinel.password);
        values.put("cluster.nodes", cluster.nodes);
        values.put("masterreplica.nodes", masterreplica.nodes);
        values.values().removeAll(Arrays.asList(null, List.of()));
        return values.keySet().stream().map(name -> PREFIX + name).toList();
    }

    /** @throws InvalidSettingsException if they ask for something that Forge does not do */
    Connection connection(Function<String, Supplier<SslBundle>> bundles) {
        refuse(problems());
        Map<String, String> variables = new TreeMap<>();
        variables.put(ForgeRedisProperties.URL, forgeUrl());
        if (url == null) {
            Connection.putLogin(variables, username, password);
        }
        return new Connection(
                PREFIX + "*",
                names(),
                variables,
                RedisLogin.NONE,
                ssl.isOn() && isSet(ssl.bundle) ? bundles.apply(String.valueOf(ssl.bundle)) : null,
                this::worded);
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
        if (url != null && (!sentinel.nodes.isEmpty() || !cluster.nodes.isEmpty())) {
            problems.add(PREFIX + "url must not be set beside " + PREFIX + "sentinel.nodes or " + PREFIX
                    + "cluster.nodes; set " + PREFIX + "username and " + PREFIX + "password for the login");
        }
        if (database != null && database < 0) {
            problems.add(PREFIX + "database must be at least 0, but was " + database);
        }
        if (!cluster.nodes.isEmpty() && database != null && database != 0) {
            problems.add(PREFIX + "database must be 0 with " + PREFIX + "cluster.nodes, but was " + database);
        }
        return problems;
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
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

    private String worded(String text) {
        return text.replace(ForgeRedisProperties.URL, PREFIX + addressName())
                .replace("REDIS_PASSWORD_FILE", "forge.redis.password-file")
                .replace("REDIS_USERNAME", PREFIX + "username")
                .replace("REDIS_PASSWORD", PREFIX + "password")
                .replace(Connection.BUNDLE, PREFIX + "ssl.bundle");
    }

    private String addressName() {
        if (!sentinel.nodes.isEmpty()) {
            return "sentinel.nodes";
        }
        if (!cluster.nodes.isEmpty()) {
            return "cluster.nodes";
        }
        return url == null ? "host" : "url";
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    @Override
    public String toString() {
        // The default of a record would show the password.
        return PREFIX + "*";
    }
}
