package dev.forge.redis.spring.cache.transaction;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The properties {@code forge.cache.*} of caches in transactions.
 *
 * @param onUnfenced What a transaction does at its commit if the keys that it changes cannot be fenced in Redis.
 * @param longestTransaction Maximum age of a transaction whose loaded values are stored, where the database shows it a snapshot: seconds, or with a unit; 0: any age.
 */
@ConfigurationProperties("forge.cache")
record CacheTransactionProperties(
        @DefaultValue("proceed") OnUnfenced onUnfenced,

        @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
        Duration longestTransaction) {

    /** What a transaction does if its keys cannot be fenced. */
    enum OnUnfenced {
        /** Commit; the keys are invalidated after the commit, or as soon as Redis is available. */
        PROCEED,
        /** Roll back; the caller gets the failure of Redis. */
        FAIL
    }
}
