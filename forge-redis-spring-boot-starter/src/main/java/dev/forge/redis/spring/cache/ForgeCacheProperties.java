package dev.forge.redis.spring.cache;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code forge.cache.*}, except those of transactions.
 *
 * @param defaults Options of all caches.
 * @param caches Options of single caches, by name; they take precedence over the defaults.
 * @param unsupportedTypes What happens at the start if a method has values that JSON cannot write and read back.
 * @param transactionAware Whether changes to caches in a transaction wait for its commit.
 */
@ConfigurationProperties("forge.cache")
record ForgeCacheProperties(
        @NestedConfigurationProperty @DefaultValue CacheSettings defaults,
        @DefaultValue Map<String, CacheSettings> caches,
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
        CacheSettings own = caches.get(cache);
        return own == null ? defaults : own.or(defaults);
    }
}
