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
     * Returns the value for {@code key}, or an empty {@code Optional} if there is none; never null.
     *
     * <p>May block: it never runs on an I/O thread. It must not ask the same cache for the same key. What it throws
     * reaches the callers that wait for the value.
     */
    Optional<V> load(String key) throws Exception;
}
