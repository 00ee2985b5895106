package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.forge.redis.internal.cache.Entry;
import java.nio.ByteBuffer;

/** Leases as another process may leave them. */
public final class Leased {

    private Leased() {}

    /** Returns the bytes of a fence with one token, in the format of the scripts. */
    public static byte[] fence(byte[] token, long overAtMillis, long lastEndsAtMillis, byte[] last) {
        return ByteBuffer.allocate(24 + token.length + 16 + last.length)
                .put(Entry.MAGIC)
                .put(Entry.VERSION)
                .put((byte) 'F')
                .put((byte) 0)
                .put(String.format("%04d%016d", 1, lastEndsAtMillis).getBytes(US_ASCII))
                .put(token)
                .put(String.format("%016d", overAtMillis).getBytes(US_ASCII))
                .put(last)
                .array();
    }

    /** Returns the bytes of a lease, in the format of the scripts. */
    public static byte[] entry(byte[] token, long overAtMillis, long lastEndsAtMillis, byte[] last) {
        return entry(0, token, overAtMillis, lastEndsAtMillis, last);
    }

    /** Does what {@link #entry(byte[], long, long, byte[])} does, for a lease with {@code flags}. */
    public static byte[] entry(int flags, byte[] token, long overAtMillis, long lastEndsAtMillis, byte[] last) {
        return ByteBuffer.allocate(Entry.LEASE_HEADER + last.length)
                .put(Entry.MAGIC)
                .put(Entry.VERSION)
                .put((byte) 'L')
                .put((byte) flags)
                .put(token)
                .put(String.format("%016d%016d", overAtMillis, lastEndsAtMillis).getBytes(US_ASCII))
                .put(last)
                .array();
    }
}
