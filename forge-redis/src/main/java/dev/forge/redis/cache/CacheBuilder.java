package dev.forge.redis.cache;

import static java.util.Objects.requireNonNull;

import dev.forge.redis.RedisManager;
import dev.forge.redis.cache.observe.CacheListener;
import dev.forge.redis.codec.Codec;
import dev.forge.redis.internal.CoreAccess;
import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.key.Keyspace;
import dev.forge.redis.settings.Ttl;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link Cache}; every option has a default.
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

    @Nullable
    Function<? super V, Optional<Duration>> ttlOf;

    BooleanSupplier tagsIf = () -> true;

    long nearWeight;
    boolean nearByBytes;
    double eagerness;
    double ttlJitter = 0.05;
    Supplier<Duration> longestSnapshot = () -> Duration.ZERO;
    int compressAbove = Integer.MAX_VALUE;
    int largestValue = 16 * 1024 * 1024;
    int loadsWithoutRedis = 64;
    CacheListener listener = new CacheListener() {};
    Duration leaseTime = Duration.ofSeconds(10);
    Executor executor;

    CacheBuilder(RedisManager redis, String name, Codec<V> codec) {
        this.redis = CoreAccess.coreOf(requireNonNull(redis, "redis"));
        this.keyspace = new Keyspace(name);
        this.codec = requireNonNull(codec, "codec");
        this.ttl = this.redis.settings().defaultTtl();
        this.executor = this.redis.scheduler().loaders();
    }

    /**
     * Sets the TTL of values; with {@link RedisManager#NO_EXPIRY} they stay until they are invalidated.
     *
     * <p>Default: the default TTL of the settings.
     */
    public CacheBuilder<V> ttl(Duration ttl) {
        this.ttl = Ttl.check("ttl", ttl);
        return this;
    }

    /**
     * Sets the function that returns the TTL of each value; if that is empty, the TTL of the cache applies. A loaded
     * value whose TTL is below a millisecond, or negative, has expired already: callers get it, and it is not stored.
     *
     * <p>Without tags this is cheaper than {@link #options}, which asks for the time of the tags before each load. A
     * TTL in the options of a value takes precedence. Default: all values have the TTL of the cache.
     */
    public CacheBuilder<V> ttlOf(Function<? super V, Optional<Duration>> ttl) {
        this.ttlOf = requireNonNull(ttl, "ttl");
        return this;
    }

    /**
     * Caches for {@code ttl} that a key has no value (negative caching).
     *
     * <p>Default: off; each look-up of such a key runs the loader.
     */
    public CacheBuilder<V> cacheAbsence(Duration ttl) {
        this.absenceTtl = Ttl.check("ttl of an absence", ttl);
        return this;
    }

    /**
     * Keeps values for {@code time} after their TTL, to serve them while they are loaded again and when that load
     * fails.
     *
     * <p>At most 30 days; the sum of TTL and this time is capped at ten years. All processes that share a cache must
     * use the same time. Default: zero; a value is gone when its TTL ends.
     */
    public CacheBuilder<V> staleFor(Duration time) {
        this.staleFor = within("staleFor", time, Duration.ZERO, LONGEST_STALE);
        return this;
    }

    /**
     * Sets how long callers wait for a fresh value before they get a stale one.
     *
     * <p>At most 10 minutes. Requires {@link #staleFor}. Default: zero; callers get the stale value at once.
     */
    public CacheBuilder<V> softTimeout(Duration time) {
        this.softTimeout = within("softTimeout", time, Duration.ZERO, LONGEST_LEASE);
        return this;
    }

    /**
     * Sets how long a caller waits for a load, of this process or of another, before it fails with a {@link CacheLoadException}.
     *
     * <p>The load itself continues, and its result is stored. Until it ends, or for at most the {@link #leaseTime}, later callers
     * of this key wait for it just as long. The loaders of {@link Cache#get} then run on the {@link #executor}. Applies to
     * look-ups of one key, not to {@link Cache#getAll}. The wait for Redis has its own timeouts. From 1 ms to 10 minutes. Default:
     * none; a caller waits for as long as its loader takes, and for the load of another process for up to the {@link #leaseTime}.
     */
    public CacheBuilder<V> loadTimeout(Duration time) {
        this.loadTimeout = within("loadTimeout", time, Duration.ofMillis(1), LONGEST_LEASE);
        return this;
    }

    /**
     * Loads values again in the background before their TTL ends.
     *
     * <p>The moment is random, and earlier for values that took longer to load (XFetch, with a beta of 1). Each look-up
     * then also asks Redis for the remaining TTL. Default: off.
     */
    public CacheBuilder<V> earlyRefresh() {
        this.eagerness = 1;
        return this;
    }

    /**
     * Keeps up to {@code values} values in the memory of this process as well (a near cache).
     *
     * <p>They are never older than {@code REDIS_NEAR_MAX_STALENESS}. Redis sends invalidations on a separate
     * connection; while it cannot, look-ups bypass the near cache and read from Redis, which
     * {@link dev.forge.redis.cache.observe.CacheStats#bypasses} counts. Callers share these values and must not change
     * them. Default: no near cache.
     */
    public CacheBuilder<V> nearCache(int values) {
        this.nearWeight = atLeast("nearCache", values, 1);
        this.nearByBytes = false;
        return this;
    }

    /**
     * Like {@link #nearCache}, but limited to about {@code bytes} bytes of memory.
     *
     * <p>The size of a value is estimated. Text and byte arrays count as their own size, other objects as twice their
     * encoded size before compression. The key and 200 bytes are added. Objects of many small parts can take several
     * times as much.
     */
    public CacheBuilder<V> nearCacheBytes(int bytes) {
        this.nearWeight = atLeast("nearCacheBytes", bytes, 1);
        this.nearByBytes = true;
        return this;
    }

    /**
     * Shortens each TTL by a random fraction of up to {@code part}, so that values stored together do not expire
     * together.
     *
     * <p>From 0 to 0.5. Default: 0.05.
     */
    public CacheBuilder<V> ttlJitter(double part) {
        if (!(part >= 0 && part <= 0.5)) {
            throw new IllegalArgumentException("ttlJitter must be from 0 to 0.5, but was " + part);
        }
        this.ttlJitter = part;
        return this;
    }

    /**
     * Sets the function that returns the TTL and the tags of each value that is loaded or put.
     *
     * <p>A loaded value with a TTL or tags that {@link EntryOptions} refuses, such as more than 100 tags, is returned and not
     * stored. Default: all values have the {@link #ttl} of the cache and no tags.
     */
    public CacheBuilder<V> options(Function<? super V, EntryOptions> options) {
        this.options = requireNonNull(options, "options");
        return this;
    }

    /**
     * Sets the condition under which {@link #options} may return tags. While it is false, a load costs no round trip for the
     * time of the tags, and a loaded value that nevertheless has tags is not stored.
     *
     * <p>Default: always.
     */
    public CacheBuilder<V> tagsIf(BooleanSupplier condition) {
        this.tagsIf = requireNonNull(condition, "condition");
        return this;
    }

    /** Compresses values whose encoded size is above {@code bytes} bytes, if that makes them smaller. Default: off. */
    public CacheBuilder<V> compressAbove(int bytes) {
        this.compressAbove = atLeast("compressAbove", bytes, 0);
        return this;
    }

    /**
     * Sets the largest encoded size of a value, in bytes. A larger value that was loaded is returned and not stored;
     * {@link Cache#put} fails for it.
     *
     * <p>At most 256 MiB, half of the longest string that a server accepts by default. A server with a lower {@code
     * proto-max-bulk-len} must allow 128 KiB more than this, for the tags of a value and the lease beside it. Default:
     * 16 MiB.
     */
    public CacheBuilder<V> largestValue(int bytes) {
        if (bytes < 1 || bytes > LARGEST_VALUE) {
            throw new IllegalArgumentException(
                    "largestValue must be from 1 to " + LARGEST_VALUE + " bytes (256 MiB), but was " + bytes
                            + "; store larger values elsewhere, and a reference in the cache");
        }
        this.largestValue = bytes;
        return this;
    }

    /**
     * Sets how many loads may run at once in this process while Redis is unavailable.
     *
     * <p>This protects the source of the values from the outage. Further loads wait, for at most the {@link
     * #leaseTime}, and then fail with a {@link CacheLoadException}. Default: 64.
     */
    public CacheBuilder<V> loadsWithoutRedis(int number) {
        this.loadsWithoutRedis = atLeast("loadsWithoutRedis", number, 1);
        return this;
    }

    /** Sets the listener that is notified of loads, stale values and refused stores. Default: none. */
    public CacheBuilder<V> listener(CacheListener listener) {
        this.listener = requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Sets how old the {@link Snapshot} from which a value is read may be, for sources whose transactions see nothing that
     * was committed after they began.
     *
     * <p>Each change of a key then leaves a mark of its time in Redis, which takes one more round trip and lasts that long. Values
     * from older snapshots are not stored. {@code longest} is asked at each change and each {@link CacheMiss#readFrom}, and must
     * be quick; zero means that there are no marks. All processes must agree on it. Default: zero.
     */
    public CacheBuilder<V> longestSnapshot(Supplier<Duration> longest) {
        this.longestSnapshot = requireNonNull(longest, "longest");
        return this;
    }

    /**
     * Sets how long one load may keep the lease on its key, and so how long others wait for it.
     *
     * <p>A value whose load takes longer is returned and not stored, and no caller waits for it any longer, in this
     * process or in others. A process that died while loading keeps others waiting for at most two seconds. From 1 ms
     * to 10 minutes. Default: 10 seconds.
     */
    public CacheBuilder<V> leaseTime(Duration time) {
        this.leaseTime = within("leaseTime", time, Duration.ofMillis(1), LONGEST_LEASE);
        return this;
    }

    /**
     * Sets the executor of the loaders that do not run on the thread of their caller.
     *
     * <p>These are the loaders of async look-ups, of background refreshes, and of {@link Cache#get} if the cache has a
     * {@link #loadTimeout}. Default: threads of the manager, virtual ones where the JVM has them.
     */
    public CacheBuilder<V> executor(Executor executor) {
        this.executor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Returns the cache.
     *
     * @throws IllegalArgumentException if the options contradict one another, a session store of the manager has this name, or
     *     it begins with {@code ratelimit:}, as the keys of limits do
     */
    public Cache<V> build() {
        if (!softTimeout.isZero() && staleFor.isZero()) {
            throw new IllegalArgumentException("softTimeout needs staleFor: without it there is no stale value");
        }
        redis.claims().add(keyspace, "a cache");
        return new Cache<>(redis, new CacheOptions<>(this));
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
