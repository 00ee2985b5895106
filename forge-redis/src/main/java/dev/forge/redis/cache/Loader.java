package dev.forge.redis.cache;

import java.util.Optional;

/**
 * Fetches a value that the cache does not have.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface Loader<V> {

    /**
     * Returns the value for {@code key}, or nothing if there is none.
     *
     * <p>May block. It is never run on a thread that serves connections. It must not ask the same cache for the same key.
     */
    Optional<V> load(String key) throws Exception;
}
