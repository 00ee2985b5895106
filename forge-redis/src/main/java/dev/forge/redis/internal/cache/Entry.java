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
 * What stands at a key of a cache, as {@code docs/wire-format.md} lays it down.
 *
 * <p>All begin with {@code F7}, which begins no UTF-8 text and so no value of anybody else's, the version {@code 01}, the kind
 * ({@code V}, {@code A} or {@code L}), and flags. Anything else is unreadable, and is treated as if it were not there.
 */
public sealed interface Entry {

    /**
     * A value, as its codec wrote it.
     *
     * @param bytes the whole entry
     * @param offset where the content begins
     * @param packed whether the content is compressed
     * @param fingerprint the shape of the value
     * @param loadMillis how long it took to load
     * @param stamp the tags that can invalidate it, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares entries
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

    /** The knowledge that there is no value. */
    record Absence(int loadMillis) implements Entry {}

    /**
     * Somebody is loading the value.
     *
     * @param last what may be used meanwhile, or unreadable if there is nothing
     * @param beyond for how many milliseconds the key outlives {@code last}, because the lease does
     */
    record Lease(Entry last, long beyond) implements Entry {}

    /** Bytes that this version does not understand. */
    record Unreadable() implements Entry {}

    /** The tags of a value, and the clock of the tags when it was still to be loaded. */
    record Stamp(long clock, List<String> tags) {}

    byte MAGIC = (byte) 0xF7;
    byte VERSION = 1;
    int PLAIN_VALUE = 0xF701_5600;
    int PACKED = 1;
    int TAGGED = 2;
    int HEADER = 12;
    int TOKEN = 16;
    int LEASE_HEADER = 52;

    /** Returns what may be used: what stands beside a lease, or else this. */
    default Entry atHand() {
        return this instanceof Lease lease ? lease.last() : this;
    }

    /** Returns what {@code bytes} mean. */
    static Entry decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC || bytes[1] != VERSION) {
            return new Unreadable();
        }
        int flags = bytes[3];
        return switch (bytes[2]) {
            case 'V' -> (flags & ~(PACKED | TAGGED)) == 0 ? value(bytes, flags) : new Unreadable();
            case 'A' -> flags == 0 ? new Absence(number(bytes, 8)) : new Unreadable();
            case 'L' -> flags == 0 && bytes.length >= LEASE_HEADER ? lease(bytes) : new Unreadable();
            default -> new Unreadable();
        };
    }

    private static Entry lease(byte[] bytes) {
        try {
            long over = Long.parseLong(new String(bytes, 20, 16, US_ASCII));
            long lastEnds = Long.parseLong(new String(bytes, 36, 16, US_ASCII));
            Entry last = decode(Arrays.copyOfRange(bytes, LEASE_HEADER, bytes.length));
            return new Lease(last, Math.max(0, over - lastEnds));
        } catch (NumberFormatException e) {
            return new Unreadable();
        }
    }

    private static Entry value(byte[] bytes, int flags) {
        boolean packed = (flags & PACKED) != 0;
        int fingerprint = number(bytes, 4);
        int loadMillis = number(bytes, 8);
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

    private static int number(byte[] bytes, int at) {
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

    /** Returns the bytes of an entry that says that there is no value. */
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

    /** Returns the token of a lease that no other is equal to. */
    static byte[] newToken() {
        // Nothing secret depends on it: whoever can write the key can do anything with it already.
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return ByteBuffer.allocate(TOKEN)
                .putLong(random.nextLong())
                .putLong(random.nextLong())
                .array();
    }
}
