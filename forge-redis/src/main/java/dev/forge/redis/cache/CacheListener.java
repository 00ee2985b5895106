package dev.forge.redis.cache;

import java.time.Duration;

/**
 * Is told what a cache does besides answering, such as for a log or a trace; {@link Cache#stats()} has the numbers.
 *
 * <p>The methods run on the thread that does the work, which may be one that serves connections: they must be quick, must not
 * block, and must be thread-safe. What they throw is logged and goes no further.
 */
public interface CacheListener {

    /** A loader has returned, after {@code time}; of a bulk load {@code key} is the first. */
    default void loaded(String key, Duration time) {}

    /** A loader has failed; of a bulk load {@code key} is the first. */
    default void loadFailed(String key, Throwable failure) {}

    /** A stale value was served, because a fresh one is still being loaded or could not be. */
    default void servedStale(String key) {}

    /** A loaded value was not stored: the key was invalidated or written meanwhile, or the lease had ended. */
    default void refused(String key) {}
}
