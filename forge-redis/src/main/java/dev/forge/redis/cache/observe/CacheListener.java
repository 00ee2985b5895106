package dev.forge.redis.cache.observe;

import java.time.Duration;

/**
 * Notified of what a cache does besides answering, for a log or a trace; {@link dev.forge.redis.cache.Cache#stats()} has the numbers.
 *
 * <p>The methods run on the thread that does the work, which may be an I/O thread: they must be quick, must not block,
 * and must be thread-safe. A {@link RuntimeException} that they throw is logged and has no other effect.
 */
public interface CacheListener {

    /** A loader has returned, after {@code time}. For a bulk load, {@code key} is the first of its keys. */
    default void loaded(String key, Duration time) {}

    /** A loader has failed. For a bulk load, {@code key} is the first of its keys. */
    default void loadFailed(String key, Throwable failure) {}

    /** A stale value was served, because a fresh one is still being loaded or its load failed. */
    default void servedStale(String key) {}

    /** A loaded value was not stored, because its key was invalidated or written meanwhile or the lease had ended. */
    default void storeRejected(String key) {}
}
