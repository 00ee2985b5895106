package dev.forge.redis.spring.cache;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code forge.cache.*}.
 *
 * @param defaults Options of all caches.
 * @param caches Options of single caches, by name; they win over the defaults.
 * @param unsupportedTypes What happens at the start with a method whose values JSON cannot write and read back.
 * @param transactionAware Whether changes of caches in a transaction wait for its commit.
 * @param onUnfenced What a transaction does at its commit if Redis does not let it fence the keys that it changes.
 * @param longestTransaction How old a transaction may be whose loaded values are stored, where the database shows it a snapshot; 0: any.
 */
@ConfigurationProperties("forge.cache")
record ForgeCacheProperties(
        @NestedConfigurationProperty @Nullable CacheSettings defaults,
        @Nullable Map<String, CacheSettings> caches,
        @DefaultValue("warn") UnsupportedTypes unsupportedTypes,
        @DefaultValue("true") boolean transactionAware,
        @DefaultValue("proceed") OnUnfenced onUnfenced,
        @DefaultValue("30s") Duration longestTransaction) {

    /** What a transaction does if its keys cannot be fenced. */
    enum OnUnfenced {
        /** Commit; the keys are invalidated after the commit, or as soon as Redis is available. */
        PROCEED,
        /** Roll back; the caller gets the failure of Redis. */
        FAIL
    }

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
