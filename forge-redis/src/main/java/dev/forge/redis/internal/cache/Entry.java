package dev.forge.redis.internal.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The value of a key of a cache, in the format of {@code docs/wire-format.md}.
 *
 * <p>Every entry begins with {@code F7}, as no UTF-8 text does, and so no text of another client. Then come the version {@code
 * 01}, the kind ({@code V}, {@code A}, {@code L} or {@code F}), and flags. Anything else is unreadable, and is treated as
 * missing.
 */
public sealed interface Entry {

    /**
     * A value, as its codec wrote it.
     *
     * @param bytes the whole entry
     * @param offset where the content begins
     * @param packed whether the content is compressed
     * @param fingerprint the fingerprint of the shape of the value
     * @param loadMillis how long the value took to load
     * @param stamp the tags that can invalidate it, or null if there are none
     */
    @SuppressWarnings("ArrayRecordComponent") // entries are never compared
    record Value(
            byte[] bytes,
            int offset,
            boolean packed,
            int fingerprint,
            int loadMillis,
            @Nullable Stamp stamp) implements Entry {

        /** Returns how many bytes the content has, uncompressed. */
        int contentLength() {
            return packed ? number(bytes, offset) : bytes.length - offset;
        }
    }

    /** A cached absence: the source had no value. */
    record Absence(int loadMillis) implements Entry {}

    /**
     * The lease of a process that is loading the value.
     *
     * @param last the previous value, which may be used meanwhile; unreadable if there is none
     * @param beyond by how many milliseconds the TTL of the key exceeds that of {@code last}, because the lease lasts
     *     longer
     * @param yields whether it is held in a transaction, so that others do not wait for it
     */
    record Lease(Entry last, long beyond, boolean yields) implements Entry {}

    /** A transaction that changes the value has not ended, so there is no value to be served, and none can be stored. */
    record Fence() implements Entry {}

    /** Bytes that this version does not understand. */
    record Unreadable() implements Entry {}

    /** The tags of a value, and the tag clock before the value was loaded. */
    record Stamp(long clock, List<String> tags) {}

    byte MAGIC = (byte) 0xF7;
    byte VERSION = 1;
    int PLAIN_VALUE = 0xF701_5600;
    int PACKED = 1;
    int TAGGED = 2;
    int SHARED = 1;
    int YIELDS = 1;
    int HEADER = 12;
    int LOAD_MILLIS_AT = 8;
    int TOKEN = 16;
    int LEASE_HEADER = 52;

    /** Returns the usable entry: the one beside a lease, or else this. */
    default Entry withoutLease() {
        return this instanceof Lease lease ? lease.last() : this;
    }

    /** Decodes {@code bytes}; anything that is not an entry of this version is {@link Unreadable}. */
    static Entry decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC || bytes[1] != VERSION) {
            return new Unreadable();
        }
        int flags = bytes[3];
        return switch (bytes[2]) {
            case 'V' -> (flags & ~(PACKED | TAGGED)) == 0 ? value(bytes, flags) : new Unreadable();
            case 'A' -> flags == 0 ? new Absence(number(bytes, LOAD_MILLIS_AT)) : new Unreadable();
            case 'F' -> (flags & ~SHARED) == 0 ? new Fence() : new Unreadable();
            case 'L' ->
                (flags & ~YIELDS) == 0 && bytes.length >= LEASE_HEADER
                        ? lease(bytes, flags == YIELDS)
                        : new Unreadable();
            default -> new Unreadable();
        };
    }

    private static Entry lease(byte[] bytes, boolean yields) {
        try {
            long over = Long.parseLong(new String(bytes, 20, 16, US_ASCII));
            long lastEnds = Long.parseLong(new String(bytes, 36, 16, US_ASCII));
            byte[] beside = Arrays.copyOfRange(bytes, LEASE_HEADER, bytes.length);
            // Forge never puts a lease beside a lease; decoding a chain of them would exhaust the stack.
            Entry last = beside.length > 2 && beside[2] == 'L' ? new Unreadable() : decode(beside);
            return new Lease(last, Math.max(0, over - lastEnds), yields);
        } catch (NumberFormatException e) {
            return new Unreadable();
        }
    }

    private static Entry value(byte[] bytes, int flags) {
        boolean packed = (flags & PACKED) != 0;
        int fingerprint = number(bytes, 4);
        int loadMillis = number(bytes, LOAD_MILLIS_AT);
        if ((flags & TAGGED) == 0) {
            return new Value(bytes, HEADER, packed, fingerprint, loadMillis, null);
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER);
            long clock = buffer.getLong();
            int count = buffer.get() & 0xFF;
            List<String> tags = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] tag = new byte[buffer.getShort() & 0xFFFF];
                buffer.get(tag);
                tags.add(new String(tag, UTF_8));
            }
            return new Value(bytes, buffer.position(), packed, fingerprint, loadMillis, new Stamp(clock, tags));
        } catch (BufferUnderflowException e) {
            return new Unreadable();
        }
    }

    /** Returns the four bytes from {@code at} on as a number. */
    static int number(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 24)
                | ((bytes[at + 1] & 0xFF) << 16)
                | ((bytes[at + 2] & 0xFF) << 8)
                | (bytes[at + 3] & 0xFF);
    }

    /** Returns the bytes of an entry with a value. */
    static byte[] value(byte[] content, boolean packed, int fingerprint, int loadMillis, @Nullable Stamp stamp) {
        byte[] tags = stamp == null ? new byte[0] : bytes(stamp);
        int flags = (packed ? PACKED : 0) | (stamp == null ? 0 : TAGGED);
        return ByteBuffer.allocate(HEADER + tags.length + content.length)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) 'V')
                .put((byte) flags)
                .putInt(fingerprint)
                .putInt(loadMillis)
                .put(tags)
                .put(content)
                .array();
    }

    private static byte[] bytes(Stamp stamp) {
        List<byte[]> tags =
                stamp.tags().stream().map(tag -> tag.getBytes(UTF_8)).toList();
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES
                + 1
                + tags.stream().mapToInt(tag -> Short.BYTES + tag.length).sum());
        buffer.putLong(stamp.clock()).put((byte) tags.size());
        tags.forEach(tag -> buffer.putShort((short) tag.length).put(tag));
        return buffer.array();
    }

    /** Returns the bytes of a cached absence. */
    static byte[] absence(int loadMillis) {
        return ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) 'A')
                .put((byte) 0)
                .putInt(0)
                .putInt(loadMillis)
                .array();
    }

    /** Returns a unique token for a lease. */
    static byte[] newToken() {
        // It need not be secret: a client that can write the key can change it anyway.
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return ByteBuffer.allocate(TOKEN)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
    }
}
