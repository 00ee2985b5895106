package dev.forge.redis.cache;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Loads a value that is missing from a {@link Cache}, without blocking.
 *
 * @param <V> the type of the values
 */
@FunctionalInterface
public interface AsyncLoader<V> {

    /**
     * Begins to load the value of {@code key}; the future has an empty optional if the key has none.
     *
     * <p>Called on the executor of the cache. What it throws counts as a failure of the load.
     */
    CompletableFuture<Optional<V>> load(String key);
}
