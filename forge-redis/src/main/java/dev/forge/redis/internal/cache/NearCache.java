package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.RedisCore;
import dev.forge.redis.internal.cache.NearEntry.Held;
import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import dev.forge.redis.internal.tracking.Tracking;
import dev.forge.redis.internal.tracking.TrackingEpoch;
import dev.forge.redis.key.Keyspace;
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
     * <p>The caller decodes the result, and then calls {@link #keep} or {@link #drop}.
     */
    public CompletableFuture<Fetched<V>> fetch(CacheKey key) {
        TrackingEpoch epoch = tracking.epochOf(key.inRedis());
        if (epoch == null) {
            bypasses.increment();
            return redis.getBytes(key.inRedis())
                    .thenApply(bytes -> new Fetched<>(
                            key, null, new TrackedRead(bytes, TrackedRead.NO_KEY, System.nanoTime(), false)));
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
                .thenApply(read -> new Fetched<>(key, read.isTracked() ? pending : null, read));
    }

    /**
     * Keeps the fetched value, which was decoded as {@code present}, unless the key has changed meanwhile.
     *
     * <p>It is kept while it is fresh, less a random time of early refresh, but at most for its TTL in Redis and for the maximum age.
     * All of that counts from when the request was sent.
     */
    public void keep(Fetched<V> fetched, LookupResult.Present<V> present) {
        Pending<V> pending = fetched.pending();
        if (pending == null) {
            return;
        }
        long fresh = present.freshMillis() - (long) present.leadMillis(eagerness);
        long keep = Math.min(fetched.keepNanos(), TimeUnit.MILLISECONDS.toNanos(fresh));
        if (keep <= 0) {
            drop(fetched);
            return;
        }
        int weight = byBytes ? weight(fetched, present.value()) : 1;
        long deadline = fetched.read().sentAt() + keep;
        if (!map.publish(fetched.key().given(), pending, present.value(), deadline, weight)) {
            discarded.increment();
        }
    }

    /** Keeps nothing, for example because this is a lease or cannot be read. */
    public void drop(Fetched<V> fetched) {
        Pending<V> pending = fetched.pending();
        if (pending != null) {
            map.abandon(fetched.key().given(), pending);
        }
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
}
