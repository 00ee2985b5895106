package dev.forge.redis.spring.connection;

import dev.forge.redis.RedisManager;
import dev.forge.redis.settings.InvalidSettingsException;
import dev.forge.redis.settings.RedisSettings;
import dev.forge.redis.settings.RedisSettingsBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.ssl.SslBundles;

/**
 * The Redis servers of the application by name: {@code default} is that of {@code forge.redis.*}, the others are those of
 * {@code forge.redis.servers.*}.
 *
 * <p>A named server is also the bean {@code <name>RedisManager}, and is injected with {@code @Qualifier("<name>")}. Without
 * an address it is the default one, with no connection of its own.
 *
 * <p>Thread-safe.
 */
public final class RedisServers implements AutoCloseable {

    /** The name of the server of {@code forge.redis.*}. */
    public static final String DEFAULT = "default";

    static final String BEAN = "forgeRedisServers";

    private static final Logger LOG = LoggerFactory.getLogger(ForgeRedisAutoConfiguration.class);

    private final RedisManager plain;
    private final BeanFactory beans;
    private final Map<String, String> defaults;
    private final Map<String, NamedServer> servers = new TreeMap<>();
    private final List<RedisManager> opened = new CopyOnWriteArrayList<>();

    /** @throws InvalidSettingsException if a name cannot be used */
    RedisServers(
            RedisManager plain,
            BeanFactory beans,
            Map<String, String> defaults,
            Map<String, ForgeRedisProperties> servers) {
        this.plain = plain;
        this.beans = beans;
        this.defaults = defaults;
        servers.forEach((name, own) -> this.servers.put(name, new NamedServer(name, own)));
    }

    /** Returns the servers of an application that has one. */
    public static RedisServers of(RedisManager only) {
        return new RedisServers(only, new StaticListableBeanFactory(), Map.of(), Map.of());
    }

    /**
     * Returns the manager of the server {@code name}; null or blank means {@link #DEFAULT}.
     *
     * @param property what names it, for the message
     * @throws InvalidSettingsException if there is no such server
     */
    public RedisManager named(@Nullable String name, String property) {
        if (name == null || name.isBlank() || name.equals(DEFAULT)) {
            return plain;
        }
        if (!servers.containsKey(name)) {
            List<String> known = new ArrayList<>(List.of(DEFAULT));
            known.addAll(servers.keySet());
            throw new InvalidSettingsException(List.of(
                    property + " must be one of the servers " + String.join(", ", known) + ", but was '" + name + "'"));
        }
        return beans.getBean(NamedServer.beanOf(name), RedisManager.class);
    }

    /** Returns the managers of all servers, {@link #DEFAULT} first; two are the same if they share their connections. */
    public Map<String, RedisManager> all() {
        Map<String, RedisManager> all = new LinkedHashMap<>();
        all.put(DEFAULT, plain);
        servers.keySet().forEach(name -> all.put(name, named(name, name)));
        return all;
    }

    /** Makes the bean of the server {@code name}. */
    RedisManager open(String name) {
        NamedServer server = servers.get(name);
        if (server == null || !server.hasAddress()) {
            warnOfIgnored(name, server == null ? List.of() : server.namesOfConnection());
            return plain;
        }
        Connection connection =
                server.connection(defaults, bundle -> Bundles.named(beans.getBean(SslBundles.class), bundle));
        RedisSettingsBuilder builder = connection.settings();
        beans.getBeanProvider(RedisSettingsCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(name, builder));
        RedisSettings settings = builder.build();
        LOG.info("Redis server {} is at {}; source: {}", name, settings.endpoint(), connection.source());
        RedisManager manager = ManagerStart.open(
                settings, server.properties().required(), server.property("REDIS_REQUIRED"), connection);
        opened.add(manager);
        return manager;
    }

    private static void warnOfIgnored(String name, List<String> ignored) {
        if (ignored.isEmpty()) {
            LOG.info("Redis server {} has no address, and is that of forge.redis.*", name);
        } else {
            LOG.warn(
                    "Ignored, because the Redis server {} has no address, and is that of forge.redis.*: {}",
                    name,
                    String.join(", ", ignored));
        }
    }

    /** Closes the managers that were made here; beans that use one have been destroyed before. */
    @Override
    public void close() {
        opened.forEach(RedisManager::close);
    }
}
