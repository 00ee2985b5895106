package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.Keyspace;
import dev.forge.redis.RedisManager;
import dev.forge.redis.Ttl;
import dev.forge.redis.codec.Codec;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link Cache}.
 *
 * @param <V> the type of the values
 */
public final class CacheBuilder<V> {

    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);

    final RedisManager redis;
    final Keyspace keyspace;
    final Codec<V> codec;
    Duration ttl;

    @Nullable
    Duration absenceTtl;

    Duration leaseTime = Duration.ofSeconds(10);
    Executor executor = LoaderThreads.EXECUTOR;

    CacheBuilder(RedisManager redis, String name, Codec<V> codec) {
        this.redis = requireNonNull(redis, "redis");
        this.keyspace = new Keyspace(name);
        this.codec = requireNonNull(codec, "codec");
        this.ttl = redis.settings().defaultTtl();
    }

    /**
     * Keeps values for {@code ttl}, or until they are invalidated if that is {@link RedisManager#NO_EXPIRY}. Without this, for
     * the default of the settings.
     */
    public CacheBuilder<V> ttl(Duration ttl) {
        this.ttl = Ttl.check("ttl", ttl);
        return this;
    }

    /** Keeps the knowledge that a key has no value, for {@code ttl}. Without this, each look-up of such a key is loaded. */
    public CacheBuilder<V> cacheAbsence(Duration ttl) {
        this.absenceTtl = Ttl.check("ttl of an absence", ttl);
        return this;
    }

    /**
     * Grants one load at most {@code time}, 10 seconds without this: a value that takes longer is returned and not stored, and
     * a process that died while loading keeps others from storing for no longer than this.
     */
    public CacheBuilder<V> leaseTime(Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("leaseTime must be from 1 ms to 10 minutes, but was " + time);
        }
        this.leaseTime = time;
        return this;
    }

    /**
     * Runs the loaders of async look-ups on {@code executor}. Without this they run on threads of their own, virtual ones
     * where the JVM has them.
     */
    public CacheBuilder<V> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /** Returns the cache. */
    public Cache<V> build() {
        return new Cache<>(this);
    }
}
