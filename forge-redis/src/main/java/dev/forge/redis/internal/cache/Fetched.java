package dev.forge.redis.internal.cache;

import dev.forge.redis.internal.cache.NearEntry.Pending;
import dev.forge.redis.internal.tracking.TrackedRead;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link NearCache#fetch}. The caller decodes it and then calls {@link NearCache#keep} or {@link NearCache#drop}
 * once, on any thread and at any time.
 *
 * @param pending the entry that was put into the map before the request was sent, or null if nothing may be kept
 */
public record Fetched<V>(CacheKey key, @Nullable Pending<V> pending, TrackedRead read) {

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

    /** Returns for how long the value may be kept, counted from when the request was sent. */
    long keepNanos() {
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
