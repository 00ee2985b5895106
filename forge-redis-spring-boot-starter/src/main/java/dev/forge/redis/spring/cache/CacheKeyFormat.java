package dev.forge.redis.spring.cache;

/**
 * Turns the key that a cache annotation computes into the text that follows the name of the cache in Redis.
 *
 * <p>A bean of this type replaces the default, which is {@link TextKeys}.
 */
@FunctionalInterface
public interface CacheKeyFormat {

    /**
     * Returns the text for {@code key}; different keys must have different texts.
     *
     * @throws IllegalArgumentException if the key has no text that stays the same in every process
     */
    String format(Object key);
}
