package dev.forge.redis.spring.cache;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code forge.cache.*}, but for those of transactions.
 *
 * @param defaults Options of all caches.
 * @param caches Options of single caches, by name; they win over the defaults.
 * @param unsupportedTypes What happens at the start with a method whose values JSON cannot write and read back.
 * @param transactionAware Whether changes of caches in a transaction wait for its commit.
 */
@ConfigurationProperties("forge.cache")
record ForgeCacheProperties(
        @NestedConfigurationProperty @Nullable CacheSettings defaults,
        @Nullable Map<String, CacheSettings> caches,
        @DefaultValue("warn") UnsupportedTypes unsupportedTypes,
        @DefaultValue("true") boolean transactionAware) {

    /** What to do about a method whose values cannot be cached. */
    enum UnsupportedTypes {
        /** Log a warning; the method runs on each call. */
        WARN,
        /** Do not start the application. */
        FAIL
    }

    CacheSettings of(String cache) {
        CacheSettings all = defaults == null ? CacheSettings.NONE : defaults;
        CacheSettings own = caches == null ? null : caches.get(cache);
        return own == null ? all : own.or(all);
    }

    /** Returns the names of servers that are set, by the property that sets them. */
    Map<String, String> servers() {
        Map<String, String> servers = new TreeMap<>();
        if (defaults != null && defaults.server() != null) {
            servers.put("forge.cache.defaults.server", defaults.server());
        }
        if (caches != null) {
            caches.forEach((cache, settings) -> {
                if (settings.server() != null) {
                    servers.put("forge.cache.caches." + cache + ".server", settings.server());
                }
            });
        }
        return servers;
    }
}
