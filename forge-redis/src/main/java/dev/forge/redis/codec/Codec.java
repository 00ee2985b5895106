package dev.forge.redis.codec;

/**
 * Turns values into bytes and back.
 *
 * <p>An implementation is thread-safe, does not block, and keeps its format: what it wrote yesterday it reads tomorrow, or
 * refuses.
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {

    /**
     * Returns the bytes of {@code value}; the caller owns them.
     *
     * @throws CodecException if the value cannot be written
     */
    byte[] encode(T value);

    /**
     * Returns the value that {@code bytes} hold, without keeping or changing them.
     *
     * @throws CodecException if they do not hold one
     */
    T decode(byte[] bytes);
}
