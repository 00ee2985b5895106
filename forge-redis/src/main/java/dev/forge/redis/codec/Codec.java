package dev.forge.redis.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /**
     * Does what {@link #decode(byte[])} does with the {@code length} bytes from {@code offset} on; without a copy of them, in
     * codecs that can.
     *
     * @throws CodecException if they do not hold a value
     */
    default T decode(byte[] bytes, int offset, int length) {
        return decode(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * Returns the value that {@code bytes} hold, or null to have {@link #decode(byte[])} do it later.
     *
     * <p>For codecs for which that is hardly more work than to copy the bytes: it is done on a thread that serves connections.
     */
    default @Nullable T decodeOnArrival(ByteBuffer bytes) {
        return null;
    }

    /**
     * Checks that {@code bytes}, which {@link #encode} has made of {@code value}, give it back. A cache stores no value that does
     * not come back. Without this method of its own, a codec is asked to read them, and believed.
     *
     * @throws CodecException if they do not, which says why and holds nothing of the value
     */
    default void check(T value, byte[] bytes) {
        decode(bytes);
    }

    /**
     * Returns whether a cache is to {@link #check} each value that it stores, because whether one comes back depends on the
     * value; without this, it checks until one has come back.
     */
    default boolean checksEachValue() {
        return false;
    }

    /**
     * Returns a number that stands for the shape of the values, so that a release whose values have another shape does not
     * read them; 0 if all that was ever written can be read.
     */
    default int fingerprint() {
        return 0;
    }
}
