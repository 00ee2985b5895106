package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.LoaderThreads;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link Cache}.
 *
 * @param <V> the type of the values
 */
public final class CacheBuilder<V> {

    private static final Duration LONGEST_LEASE = Duration.ofMinutes(10);
    private static final Duration LONGEST_STALE = Duration.ofDays(30);
    private static final int LARGEST_VALUE = 256 * 1024 * 1024;

    final RedisCore redis;
    final Keyspace keyspace;
    final Codec<V> codec;
    Duration ttl;

    @Nullable
    Duration absenceTtl;

    Duration staleFor = Duration.ZERO;
    Duration softTimeout = Duration.ZERO;

    @Nullable
    Duration loadTimeout;

    @Nullable
    Function<? super V, EntryOptions> options;

    long nearWeight;
    boolean nearByBytes;
    double eagerness;
    double ttlJitter = 0.05;
    int compressAbove = Integer.MAX_VALUE;
    int largestValue = 16 * 1024 * 1024;
    int loadsWithoutRedis = 64;
    CacheListener listener = new CacheListener() {};
    Duration leaseTime = Duration.ofSeconds(10);
    Executor executor = LoaderThreads.EXECUTOR;

    CacheBuilder(RedisManager redis, String name, Codec<V> codec) {
        this.redis = CoreAccess.coreOf(requireNonNull(redis, "redis"));
        this.keyspace = new Keyspace(name);
        this.codec = requireNonNull(codec, "codec");
        this.ttl = this.redis.settings().defaultTtl();
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
     * Keeps values for {@code time} after their TTL, to serve them while they are loaded again, and when that fails. Without
     * this a value whose TTL is over is gone. Processes that share a cache must agree on it. At most 30 days; TTL and this time
     * together are cut at ten years.
     */
    public CacheBuilder<V> staleFor(Duration time) {
        this.staleFor = within("staleFor", time, Duration.ZERO, LONGEST_STALE);
        return this;
    }

    /**
     * Has callers wait for {@code time} for a fresh value before they are served a stale one; without this they do not wait.
     * Only with {@link #staleFor}.
     */
    public CacheBuilder<V> softTimeout(Duration time) {
        this.softTimeout = within("softTimeout", time, Duration.ZERO, LONGEST_LEASE);
        return this;
    }

    /**
     * Has callers wait no longer than {@code time} for a load, and then fail with a {@link CacheLoadException}; the load goes on,
     * and what it returns is stored. Loaders then run on the {@link #executor}. Without this a caller waits for as long as
     * the loader takes.
     */
    public CacheBuilder<V> loadTimeout(Duration time) {
        this.loadTimeout = within("loadTimeout", time, Duration.ofMillis(1), LONGEST_LEASE);
        return this;
    }

    /**
     * Loads values again in the background before they are stale, at a moment that is left to chance and is the earlier the
     * longer they took to load (XFetch, with a beta of 1). Each look-up then asks Redis for the remaining life as well.
     */
    public CacheBuilder<V> earlyRefresh() {
        this.eagerness = 1;
        return this;
    }

    /**
     * Keeps up to {@code values} values in the memory of this process as well, never older than {@code
     * REDIS_NEAR_MAX_STALENESS}: Redis tells of changes on a connection of its own. Where it cannot, look-ups go past it, which
     * {@link CacheStats#bypasses} counts. Callers share these values and must not change them.
     */
    public CacheBuilder<V> nearCache(int values) {
        this.nearWeight = atLeast("nearCache", values, 1);
        this.nearByBytes = false;
        return this;
    }

    /**
     * Does what {@link #nearCache} does, up to about {@code bytes} bytes of memory. What a value takes is estimated: for text and
     * bytes their own size; for other objects twice the bytes that the codec writes, before compression; and 200 bytes besides,
     * with the key. Objects of many small parts can take several times as much.
     */
    public CacheBuilder<V> nearCacheBytes(int bytes) {
        this.nearWeight = atLeast("nearCacheBytes", bytes, 1);
        this.nearByBytes = true;
        return this;
    }

    /**
     * Lets values live up to this part of their TTL less, by chance, so that those that were stored together do not end
     * together. From 0 to 0.5; 0.05 without this.
     */
    public CacheBuilder<V> ttlJitter(double part) {
        if (!(part >= 0 && part <= 0.5)) {
            throw new IllegalArgumentException("ttlJitter must be from 0 to 0.5, but was " + part);
        }
        this.ttlJitter = part;
        return this;
    }

    /** Asks {@code options} about each value that is loaded or put, how long it is to be kept and which tags it has. */
    public CacheBuilder<V> options(Function<? super V, EntryOptions> options) {
        this.options = requireNonNull(options, "options");
        return this;
    }

    /** Compresses values of more than {@code bytes} bytes, as their codec writes them, where that makes them smaller. */
    public CacheBuilder<V> compressAbove(int bytes) {
        this.compressAbove = atLeast("compressAbove", bytes, 0);
        return this;
    }

    /**
     * Stores no value of more than {@code bytes} bytes, 16 MiB without this: it is returned all the same, and {@link Cache#put}
     * fails. At most 256 MiB, half of what a server takes as one string unless its {@code proto-max-bulk-len} says otherwise: that
     * must be larger than this by 128 KiB, for the tags of a value and the lease beside it.
     */
    public CacheBuilder<V> largestValue(int bytes) {
        if (bytes < 1 || bytes > LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    "largestValue must be from 1 to " + LARGEST_VALUE + " bytes (256 MiB), but was " + bytes
                            + "; keep larger things elsewhere, and a reference in the cache");
        }
        this.largestValue = bytes;
        return this;
    }

    /**
     * Lets at most {@code number} loads run at once in this process while Redis is unavailable, 64 without this, so that the
     * outage does not become one of the source; more wait, for as long as the {@link #leaseTime} at most.
     */
    public CacheBuilder<V> loadsWithoutRedis(int number) {
        this.loadsWithoutRedis = atLeast("loadsWithoutRedis", number, 1);
        return this;
    }

    /** Tells {@code listener} what the cache does. */
    public CacheBuilder<V> listener(CacheListener listener) {
        this.listener = requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Grants one load at most {@code time}, 10 seconds without this: a value that takes longer is returned and not stored, and
     * no one waits for it any longer, in this process or in others. A process that died while loading keeps others waiting for two seconds at most.
     */
    public CacheBuilder<V> leaseTime(Duration time) {
        this.leaseTime = within("leaseTime", time, Duration.ofMillis(1), LONGEST_LEASE);
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

    /**
     * Returns the cache.
     *
     * @throws IllegalArgumentException if the options contradict one another
     */
    public Cache<V> build() {
        if (!softTimeout.isZero() && staleFor.isZero()) {
            throw new IllegalArgumentException("softTimeout needs staleFor: there is no stale value to serve after it");
        }
        return new Cache<>(this);
    }

    private static Duration within(String name, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be from " + least.toMillis() + " ms to " + most.toMinutes()
                    + " minutes, but was " + time);
        }
        return time;
    }

    private static int atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", but was " + value);
        }
        return value;
    }
}
