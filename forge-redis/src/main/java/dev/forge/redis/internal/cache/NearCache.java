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
import java.util.concurrent.TimeUnit;
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
    static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** The bytes that the entry, the key and the value take besides their content, in a 64-bit JVM. */
    private static final int OVERHEAD = 200;

    private final RedisCore redis;
    private final Keyspace keyspace;
    private final Tracking tracking;
    private final NearMap<V> map;
    private final boolean byBytes;
    private final double eagerness;
    private final LongAdder bypasses = new LongAdder();
    private final LongAdder discarded = new LongAdder();

    /**
     * @param maxWeight the maximum total weight of all values: their number, if each weighs 1
     * @param byBytes whether a value weighs its estimated size in memory, in bytes; otherwise it weighs 1
     * @param eagerness the beta of XFetch, or 0 for no early refresh
     * @param distrusted whether no value of a key may be kept now, because a write of this process to it has failed:
     *     see {@link NearMap}
     */
    public NearCache(
            RedisCore redis,
            Keyspace keyspace,
            long maxWeight,
            boolean byBytes,
            double eagerness,
            Predicate<CacheKey> distrusted) {
        this.redis = redis;
        this.keyspace = keyspace;
        this.tracking = redis.tracking();
        this.map = new NearMap<>(maxWeight, distrusted);
        this.byBytes = byBytes;
        this.eagerness = eagerness;
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

    /** Keeps the fetched value, which was decoded as {@code present}, while it is fresh, less a random time of early refresh. */
    void keep(Fetched<V> fetched, LookupResult.Present<V> present) {
        Duration fresh =
                present.freshMillis() >= LONGEST.toMillis() ? LONGEST : Duration.ofMillis(present.freshMillis());
        double lead = present.leadMillis(eagerness);
        fetched.hold(present.value(), fresh.minusMillis((long) lead), byBytes ? weight(fetched, present.value()) : 1);
    }

    /**
     * Estimates the bytes of memory of a value and its key; the entry in Redis may be smaller, because it may be
     * compressed.
     */
    private int weight(Fetched<V> fetched, Optional<V> value) {
        Entry entry = fetched.bytes().map(Entry::decode).orElse(null);
        long content = entry instanceof Entry.Value held ? held.contentLength() : 0;
        Object kept = value.orElse(null);
        long size = 2 * content;
        if (kept instanceof String text) {
            size = isLatin(text) ? text.length() : 2L * text.length();
        } else if (kept instanceof byte[] bytes) {
            size = bytes.length;
        }
        return (int) Math.min(
                Integer.MAX_VALUE, OVERHEAD + 2L * fetched.key().given().length() + size);
    }

    /** Returns whether the JVM stores {@code text} with one byte per character. */
    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    /** Removes the near copy of {@code key}, and keeps running fetches from adding one. */
    public void forget(CacheKey key) {
        map.forget(key.given());
    }

    /** Removes all near copies, and keeps running fetches from adding any. */
    public void forgetAll() {
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

    void publish(CacheKey key, Pending<V> pending, Optional<V> value, long deadline, int weight) {
        if (!map.publish(key.given(), pending, value, deadline, weight)) {
            discarded.increment();
        }
    }

    void abandon(CacheKey key, Pending<V> pending) {
        map.abandon(key.given(), pending);
    }
}
