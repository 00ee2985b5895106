package dev.forge.redis.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Converts values to bytes and back.
 *
 * <p>An implementation must be thread-safe, must not block, and must keep its format: what one version wrote, later
 * versions read or refuse.
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
     * Returns the value in {@code bytes}; neither keeps nor changes them.
     *
     * @throws CodecException if they do not hold a value
     */
    T decode(byte[] bytes);

    /**
     * Like {@link #decode(byte[])}, for the {@code length} bytes that start at {@code offset}. By default this copies
     * them; codecs that can read a range override it.
     *
     * @throws CodecException if they do not hold a value
     */
    default T decode(byte[] bytes, int offset, int length) {
        return decode(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * Returns the value in {@code bytes}, or null to leave it to {@link #decode(byte[])} later.
     *
     * <p>It runs on a thread that serves connections. So it is for codecs that decode at about the cost of copying the
     * bytes.
     */
    default @Nullable T decodeOnArrival(ByteBuffer bytes) {
        return null;
    }

    /**
     * Checks that {@code bytes}, the result of {@link #encode} for {@code value}, decode to the same value. A cache
     * does not store a value that fails this. By default it only checks that the bytes can be decoded.
     *
     * @throws CodecException if they do not; the message says why, and holds nothing of the value
     */
    default void check(T value, byte[] bytes) {
        decode(bytes);
    }

    /**
     * Returns whether a cache must {@link #check} each value that it stores, because the result depends on the value.
     * Otherwise it checks values until one has passed.
     */
    default boolean checksEachValue() {
        return false;
    }

    /**
     * Returns a number that identifies the shape of the values, so that a release with another shape does not read
     * them; 0 if every version can read all values.
     */
    default int fingerprint() {
        return 0;
    }
}
