package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Map;

/**
 * Where Redis is, how to log in, and how long to wait.
 *
 * <p>{@link #fromEnvironment(Map)} reads the variables {@code REDIS_*}; each of them is described in
 * {@code docs/settings.md}. {@link #of(String)} takes a URL and the default for everything else. {@link #toString()} shows no
 * password.
 *
 * @param endpoint where Redis is
 * @param database the number of the database; a cluster has only 0
 * @param login the user and password
 * @param tls whether the connection is encrypted, and whom it trusts
 * @param poolSize the most connections to one node for ordinary commands
 * @param socketTimeout the longest wait for a connection and for the answer to one command
 * @param defaultTtl how long a value is kept when the call does not say, or {@link dev.forge.redis.RedisManager#NO_EXPIRY}
 * @param keyPrefix what is put before every key
 * @param readFrom which servers answer reads of values
 * @param nearMaxStaleness how old a value may be that is kept in the application's own memory: from 100 ms to 1 minute
 * @param maxValueBytes the largest key, value or argument of a script that is sent, in bytes: from 64 KiB to 2 GiB; a larger one is
 *     refused, because a server closes the connection on which one comes that is above its {@code proto-max-bulk-len}
 */
public record RedisSettings(
        RedisEndpoint endpoint,
        int database,
        RedisLogin login,
        RedisTls tls,
        int poolSize,
        Duration socketTimeout,
        Duration defaultTtl,
        String keyPrefix,
        ReadFrom readFrom,
        Duration nearMaxStaleness,
        long maxValueBytes) {

    static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    static final Duration LEAST_STALENESS = Duration.ofMillis(100);
    static final Duration MOST_STALENESS = Duration.ofMinutes(1);
    static final long LEAST_VALUE_BYTES = 64L << 10;
    static final long MOST_VALUE_BYTES = Integer.MAX_VALUE;

    /** Checks what the types do not say. */
    public RedisSettings {
        requireNonNull(endpoint, "endpoint");
        requireNonNull(login, "login");
        requireNonNull(tls, "tls");
        if (database < 0) {
            throw new IllegalArgumentException("database must be at least 0, but was " + database);
        }
        if (poolSize < 1) {
            throw new IllegalArgumentException("poolSize must be at least 1, but was " + poolSize);
        }
        if (socketTimeout.compareTo(Duration.ofMillis(1)) < 0 || socketTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("socketTimeout must be from 1 ms to 1 hour, but was " + socketTimeout);
        }
        Ttl.check("defaultTtl", defaultTtl);
        requireNonNull(keyPrefix, "keyPrefix");
        if (requireNonNull(readFrom, "readFrom") == ReadFrom.REPLICA && !endpoint.knowsReplicas()) {
            throw new IllegalArgumentException("readFrom must be PRIMARY, but was REPLICA: only sentinels and clusters "
                    + "tell where replicas are");
        }
        if (nearMaxStaleness.compareTo(LEAST_STALENESS) < 0 || nearMaxStaleness.compareTo(MOST_STALENESS) > 0) {
            throw new IllegalArgumentException(
                    "nearMaxStaleness must be from 100 ms to 1 minute, but was " + nearMaxStaleness);
        }
        if (maxValueBytes < LEAST_VALUE_BYTES || maxValueBytes > MOST_VALUE_BYTES) {
            throw new IllegalArgumentException("maxValueBytes must be from " + LEAST_VALUE_BYTES + " to "
                    + MOST_VALUE_BYTES + ", but was " + maxValueBytes);
        }
    }

    /** Returns the settings for a server on this machine: {@code redis://localhost:6379} and the defaults. */
    public static RedisSettings defaults() {
        return fromEnvironment(Map.of());
    }

    /**
     * Returns the settings for the server at {@code url} and the defaults for everything else.
     *
     * @throws InvalidSettingsException if the URL cannot be used
     */
    public static RedisSettings of(String url) {
        return fromEnvironment(Map.of(SettingsReader.URL, url));
    }

    /**
     * Returns the settings that the variables {@code REDIS_*} among {@code variables} describe.
     *
     * <p>A variable that is missing or blank has its default. A name that looks like one of these variables and is none is
     * logged as a warning.
     *
     * @throws InvalidSettingsException if any of them cannot be used; the message lists all that cannot
     */
    public static RedisSettings fromEnvironment(Map<String, String> variables) {
        return new SettingsReader(variables).read();
    }

    /** Returns these settings with another login. */
    public RedisSettings withLogin(RedisLogin login) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with other rules of encryption. */
    public RedisSettings withTls(RedisTls tls) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another number of connections. */
    public RedisSettings withPoolSize(int poolSize) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another longest wait. */
    public RedisSettings withSocketTimeout(Duration socketTimeout) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another default life of values. */
    public RedisSettings withDefaultTtl(Duration defaultTtl) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another prefix of keys. */
    public RedisSettings withKeyPrefix(String keyPrefix) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with reads of values answered by other servers. */
    public RedisSettings withReadFrom(ReadFrom readFrom) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another bound on how old values in the application's own memory may be. */
    public RedisSettings withNearMaxStaleness(Duration nearMaxStaleness) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }

    /** Returns these settings with another bound on what is sent as one key, value or argument, in bytes. */
    public RedisSettings withMaxValueBytes(long maxValueBytes) {
        return new RedisSettings(
                endpoint,
                database,
                login,
                tls,
                poolSize,
                socketTimeout,
                defaultTtl,
                keyPrefix,
                readFrom,
                nearMaxStaleness,
                maxValueBytes);
    }
}
