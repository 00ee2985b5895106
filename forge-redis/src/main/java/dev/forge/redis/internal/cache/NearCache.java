package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.key.Keyspace;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Values of one keyspace in the memory of this process, never older than a stated bound.
 *
 * <p>The result of {@link #get} was the value in Redis less than {@link
 * dev.forge.redis.settings.RedisSettings#nearMaxStaleness()} ago. It is shared by all callers and must not be changed.
 * When Redis is unavailable, slow to reply, or sends no invalidations, this bound cannot be kept. Then {@link #get}
 * returns nothing, and {@link #fetch} reads from Redis without keeping the value, which is counted.
 *
 * <p>Writes of this process are visible at once: the writer calls {@link #forget} before the command is sent and again
 * when it has ended, with any outcome. After a failed write no value of the key is kept until an invalidation has been
 * acknowledged.
 *
 * <p>Thread-safe.
 */
public final class NearCache<V> implements Tracking.Listener {

    /** The longest time that a value is kept: the bound for changes that no invalidation protocol can notice. */
    public static final Duration MAX_AGE = Duration.ofSeconds(60);

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final Tracking tracking;
    private final NearMap<V> map;
    private final long maxAgeNanos;
    private final LongAdder bypasses = new LongAdder();
    private final LongAdder discarded = new LongAdder();

    /**
     * @param maxWeight the maximum total weight of all values: their number, if each weighs 1
     * @param maxAge the longest time that a value is kept
     * @param distrusted whether no value of a key may be kept now, because a write of this process to it has failed:
     *     see {@link NearMap}
     */
    public NearCache(
            RedisCore redis, Keyspace keyspace, long maxWeight, Duration maxAge, Predicate<CacheKey> distrusted) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.tracking = redis.tracking();
        this.map = new NearMap<>(maxWeight, distrusted);
        this.maxAgeNanos = maxAge.toNanos();
        tracking.listen(this);
    }

    /**
     * Returns the near copy of {@code key}, a key as callers pass it, or null; it may be an absence. Allocates nothing.
     */
    @Nullable
    public Held<V> get(String key) {
        return map.get(key);
    }

    /**
     * Reads {@code key} from Redis, so that its value can be kept here. Fails as {@link RedisCore#getBytes} does.
     *
     * <p>The caller decodes the result and then decides whether it is kept.
     */
    public CompletableFuture<Fetched<V>> fetch(CacheKey key) {
        TrackingEpoch epoch = tracking.epochOf(key.inRedis());
        if (epoch == null) {
            bypasses.increment();
            return redis.getBytes(key.inRedis())
                    .thenApply(bytes -> new Fetched<>(
                            this, key, null, new TrackedRead(bytes, TrackedRead.NO_KEY, System.nanoTime(), false)));
        }
        Pending<V> pending = map.begin(key, epoch);
        CompletableFuture<TrackedRead> reading;
        try {
            reading = tracking.read(epoch, key.inRedis());
        } catch (RuntimeException refusal) {
            map.abandon(key.given(), pending);
            throw refusal;
        }
        return reading.whenComplete((read, failure) -> {
                    if (failure != null || !read.isTracked()) {
                        map.abandon(key.given(), pending);
                        bypasses.increment();
                    }
                })
                .thenApply(read -> new Fetched<>(this, key, read.isTracked() ? pending : null, read));
    }

    /** Removes the near copy of {@code key}, and keeps running fetches from adding one. */
    public void forget(CacheKey key) {
        map.forget(key.given());
    }

    /** Removes all near copies, and keeps running fetches from adding any. */
    void forgetAll() {
        map.forgetAll();
    }

    @Override
    public void changed(String redisKey) {
        keyspace.keyIn(redisKey).ifPresent(map::forget);
    }

    @Override
    public void allChanged() {
        // Values of an ended tracking epoch are not served; new values replace them in time.
    }

    /** Returns how often a value was read without being kept, because invalidations were not available. */
    public long bypasses() {
        return bypasses.sum();
    }

    /** Returns how often a value was not kept because its key changed meanwhile. */
    public long discarded() {
        return discarded.sum();
    }

    /** Returns how many entries there are, pending ones too. */
    public int size() {
        return map.size();
    }

    long maxAgeNanos() {
        return maxAgeNanos;
    }

    void publish(CacheKey key, Pending<V> pending, Optional<V> value, long deadline, int weight) {
        if (!map.publish(key.given(), pending, value, deadline, weight)) {
            discarded.increment();
        }
    }

    void abandon(CacheKey key, Pending<V> pending) {
        map.abandon(key.given(), pending);
    }
}
