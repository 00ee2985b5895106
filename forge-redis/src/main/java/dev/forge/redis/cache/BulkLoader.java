package dev.forge.redis.cache;

import java.util.Map;
import java.util.Set;

/**
 * Fetches several values that the cache does not have.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface BulkLoader<V> {

    /** Returns the values for those of {@code keys} that have one; never null. May block, as a {@link Loader} may. */
    Map<String, V> load(Set<String> keys) throws Exception;
}
