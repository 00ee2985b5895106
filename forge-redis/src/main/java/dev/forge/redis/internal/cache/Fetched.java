package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link NearCache#fetch}. The caller decodes it and then calls {@link #hold} or {@link #drop} once, on
 * any thread and at any time, to say whether the near cache may keep it.
 */
public final class Fetched<V> {

    private final NearCache<V> near;
    private final CacheKey key;
    private final @Nullable Pending<V> pending;
    private final TrackedRead read;

    /**
     * @param pending the entry that was put into the map before the request was sent, or null if nothing may be kept
     */
    Fetched(NearCache<V> near, CacheKey key, @Nullable Pending<V> pending, TrackedRead read) {
        this.near = near;
        this.key = key;
        this.pending = pending;
        this.read = read;
    }

    CacheKey key() {
        return key;
    }

    /** Returns the bytes of the key in Redis. */
    public Optional<byte[]> bytes() {
        return read.bytes();
    }

    /** Returns whether {@link #ttlMillis} is known. */
    boolean isTracked() {
        return read.isTracked();
    }

    /** Returns the TTL of the key in Redis, in milliseconds; -1 if it never expires or the TTL is not known. */
    long ttlMillis() {
        return Math.max(TrackedRead.NO_END, read.pttlMillis());
    }

    /**
     * Keeps {@code value}, or its absence, in the near cache, unless the key has changed meanwhile.
     *
     * <p>It is kept for its TTL in Redis, but at most for {@code most} and for the maximum age of the near cache. All
     * three count from when the request was sent.
     *
     * @param weight how much of the near cache's maximum weight it takes, at least 1
     */
    public void hold(Optional<V> value, Duration most, int weight) {
        Pending<V> mine = pending;
        if (mine == null) {
            return;
        }
        long keep = keepNanos();
        if (most.compareTo(Duration.ofNanos(keep)) < 0) {
            keep = most.toNanos();
        }
        if (keep <= 0) {
            near.abandon(key, mine);
        } else {
            near.publish(key, mine, value, read.sentAt() + keep, weight);
        }
    }

    /** Keeps nothing, for example because this is a lease or cannot be read. */
    void drop() {
        if (pending != null) {
            near.abandon(key, pending);
        }
    }

    /** Returns for how long the value may be kept, counted from when the request was sent. */
    private long keepNanos() {
        long left = read.pttlMillis();
        boolean isThere = read.bytes().isPresent();
        if (isThere == (left == TrackedRead.NO_KEY)) {
            // The key was written, removed or expired between the two replies.
            return 0;
        }
        return left < 0 || left > TimeUnit.NANOSECONDS.toMillis(NearCache.MAX_AGE_NANOS)
                ? NearCache.MAX_AGE_NANOS
                : TimeUnit.MILLISECONDS.toNanos(left);
    }
}
