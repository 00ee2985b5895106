package dev.forge.redis.settings;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Builds {@link RedisSettings}; {@link RedisSettings#builder(String)} makes one.
 *
 * <p>Not thread-safe.
 */
public final class RedisSettingsBuilder {

    final RedisEndpoint endpoint;
    int database;
    RedisLogin login = RedisLogin.NONE;
    RedisTls tls = RedisTls.OFF;
    int poolSize = 5;
    Duration socketTimeout = Duration.ofSeconds(10);
    Duration defaultTtl = Duration.ofHours(1);
    String keyPrefix = "";
    ReadFrom readFrom = ReadFrom.PRIMARY;
    Duration nearMaxStaleness = Duration.ofSeconds(1);
    long maxValueBytes = 512L << 20;

    RedisSettingsBuilder(RedisSettings from) {
        endpoint = from.endpoint();
        database = from.database();
        login = from.login();
        tls = from.tls();
        poolSize = from.poolSize();
        socketTimeout = from.socketTimeout();
        defaultTtl = from.defaultTtl();
        keyPrefix = from.keyPrefix();
        readFrom = from.readFrom();
        nearMaxStaleness = from.nearMaxStaleness();
        maxValueBytes = from.maxValueBytes();
    }

    RedisSettingsBuilder(RedisEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Selects the database with this number; a cluster has only 0. */
    public RedisSettingsBuilder database(int database) {
        this.database = database;
        return this;
    }

    /** Sets the user and password to log in with. */
    public RedisSettingsBuilder login(RedisLogin login) {
        this.login = requireNonNull(login, "login");
        return this;
    }

    /** Sets whether the connection is encrypted, and which servers it trusts. */
    public RedisSettingsBuilder tls(RedisTls tls) {
        this.tls = requireNonNull(tls, "tls");
        return this;
    }

    /**
     * Sets how many connections to each node are reserved for blocking callers, besides the shared one; 0 for none.
     */
    public RedisSettingsBuilder poolSize(int poolSize) {
        this.poolSize = poolSize;
        return this;
    }

    /** Sets the longest wait for a connection, and for the reply to one command: from 1 ms to 1 hour. */
    public RedisSettingsBuilder socketTimeout(Duration socketTimeout) {
        this.socketTimeout = requireNonNull(socketTimeout, "socketTimeout");
        return this;
    }

    /** Sets the TTL of values for which the call gives none: from 1 ms to ten years, or {@link Ttl#NO_EXPIRY}. */
    public RedisSettingsBuilder defaultTtl(Duration defaultTtl) {
        this.defaultTtl = requireNonNull(defaultTtl, "defaultTtl");
        return this;
    }

    /** Sets the text that precedes every key. */
    public RedisSettingsBuilder keyPrefix(String keyPrefix) {
        this.keyPrefix = requireNonNull(keyPrefix, "keyPrefix");
        return this;
    }

    /** Sets which servers answer reads of values; replicas only where sentinels or a cluster name them. */
    public RedisSettingsBuilder readFrom(ReadFrom readFrom) {
        this.readFrom = requireNonNull(readFrom, "readFrom");
        return this;
    }

    /** Sets how stale a value of a near cache may be: from 100 ms to 1 minute. */
    public RedisSettingsBuilder nearMaxStaleness(Duration nearMaxStaleness) {
        this.nearMaxStaleness = requireNonNull(nearMaxStaleness, "nearMaxStaleness");
        return this;
    }

    /**
     * Sets the largest key, value or script argument to send, in bytes: from 64 KiB to 2 GiB.
     *
     * <p>A larger one is refused, because a server closes a connection on which it receives one above its
     * {@code proto-max-bulk-len}.
     */
    public RedisSettingsBuilder maxValueBytes(long maxValueBytes) {
        this.maxValueBytes = maxValueBytes;
        return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it
     */
    public RedisSettings build() {
        return new RedisSettings(this);
    }
}
