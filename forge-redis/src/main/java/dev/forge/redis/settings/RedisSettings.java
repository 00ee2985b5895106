package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Where Redis is, how to log in, and how long to wait.
 *
 * <p>{@link #fromEnvironment(Map)} reads the {@code REDIS_*} variables, which {@code docs/settings.md} describes.
 * {@link #of(String)} takes a URL, and the defaults for everything else; {@link #builder(String)} lets you choose the
 * rest. {@link #toString()} shows no password.
 *
 * <p>Immutable.
 */
public final class RedisSettings {

    static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    static final Duration LEAST_STALENESS = Duration.ofMillis(100);
    static final Duration MOST_STALENESS = Duration.ofMinutes(1);
    static final long LEAST_VALUE_BYTES = 64L << 10;
    static final long MOST_VALUE_BYTES = Integer.MAX_VALUE;

    private final RedisEndpoint endpoint;
    private final int database;
    private final RedisLogin login;
    private final RedisTls tls;
    private final int poolSize;
    private final Duration socketTimeout;
    private final Duration defaultTtl;
    private final String keyPrefix;
    private final ReadFrom readFrom;
    private final Duration nearMaxStaleness;
    private final long maxValueBytes;

    RedisSettings(RedisSettingsBuilder builder) {
        endpoint = builder.endpoint;
        database = builder.database;
        login = builder.login;
        tls = builder.tls;
        poolSize = builder.poolSize;
        socketTimeout = builder.socketTimeout;
        defaultTtl = builder.defaultTtl;
        keyPrefix = builder.keyPrefix;
        readFrom = builder.readFrom;
        nearMaxStaleness = builder.nearMaxStaleness;
        maxValueBytes = builder.maxValueBytes;
        if (database < 0) {
            throw new IllegalArgumentException("database must be at least 0, but was " + database);
        }
        if (poolSize < 0) {
            throw new IllegalArgumentException("poolSize must be at least 0, but was " + poolSize);
        }
        if (socketTimeout.compareTo(Duration.ofMillis(1)) < 0 || socketTimeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("socketTimeout must be from 1 ms to 1 hour, but was " + socketTimeout);
        }
        Ttl.check("defaultTtl", defaultTtl);
        requireNonNull(keyPrefix, "keyPrefix");
        if (requireNonNull(readFrom, "readFrom") == ReadFrom.REPLICA && !endpoint.knowsReplicas()) {
            throw new IllegalArgumentException("readFrom must be PRIMARY, but was REPLICA: only sentinels and clusters "
                    + "say where replicas are");
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
     * @throws InvalidSettingsException if the URL is not valid
     */
    public static RedisSettings of(String url) {
        return fromEnvironment(Map.of(SettingsReader.URL, url));
    }

    /**
     * Returns the settings in the {@code REDIS_*} entries of {@code variables}.
     *
     * <p>A missing or blank variable has its default. A {@code REDIS_*} name that is not a setting is logged as a
     * warning.
     *
     * @throws InvalidSettingsException if any of them is not valid; the message lists all such problems
     */
    public static RedisSettings fromEnvironment(Map<String, String> variables) {
        return new SettingsReader(variables).read();
    }

    /**
     * Returns a builder that has the server at {@code url}, and the defaults for everything else.
     *
     * @throws InvalidSettingsException if the URL is not valid
     */
    public static RedisSettingsBuilder builder(String url) {
        return of(url).toBuilder();
    }

    /** Returns a builder that has these settings. */
    public RedisSettingsBuilder toBuilder() {
        return new RedisSettingsBuilder(this);
    }

    /** Returns where Redis is. */
    public RedisEndpoint endpoint() {
        return endpoint;
    }

    /** Returns the number of the database; a cluster has only 0. */
    public int database() {
        return database;
    }

    /** Returns the user and password to log in with. */
    public RedisLogin login() {
        return login;
    }

    /** Returns whether the connection is encrypted, and which servers it trusts. */
    public RedisTls tls() {
        return tls;
    }

    /** Returns how many connections to each node are reserved for blocking callers, besides the shared one. */
    public int poolSize() {
        return poolSize;
    }

    /** Returns the longest wait for a connection, and for the reply to one command. */
    public Duration socketTimeout() {
        return socketTimeout;
    }

    /** Returns the TTL of values for which the call gives none. */
    public Duration defaultTtl() {
        return defaultTtl;
    }

    /** Returns the text that precedes every key. */
    public String keyPrefix() {
        return keyPrefix;
    }

    /** Returns which servers answer reads of values. */
    public ReadFrom readFrom() {
        return readFrom;
    }

    /** Returns how stale a value of a near cache, in the memory of the application, may be. */
    public Duration nearMaxStaleness() {
        return nearMaxStaleness;
    }

    /** Returns the largest key, value or script argument to send, in bytes. */
    public long maxValueBytes() {
        return maxValueBytes;
    }

    private List<Object> values() {
        return List.of(
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

    @Override
    public boolean equals(Object other) {
        return other instanceof RedisSettings settings && values().equals(settings.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "RedisSettings[endpoint=" + endpoint
                + ", database=" + database
                + ", login=" + login
                + ", tls=" + tls
                + ", poolSize=" + poolSize
                + ", socketTimeout=" + socketTimeout
                + ", defaultTtl=" + defaultTtl
                + ", keyPrefix=" + keyPrefix
                + ", readFrom=" + readFrom
                + ", nearMaxStaleness=" + nearMaxStaleness
                + ", maxValueBytes=" + maxValueBytes + "]";
    }
}
