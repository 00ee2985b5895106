package dev.forge.redis.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What stands at a key of a cache: four bytes of header, then the content.
 *
 * <p>The header is {@code F7}, which begins no UTF-8 text and so no value of anybody else's, the version {@code 01}, the kind
 * ({@code V}, {@code A} or {@code L}), and {@code 00}. Anything else is unreadable, and is treated as if it were not there.
 */
sealed interface Entry {

    /** A value, as its codec wrote it. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares entries
    record Value(byte[] content) implements Entry {}

    /** The knowledge that there is no value. */
    record Absence() implements Entry {}

    /** Somebody is loading the value. */
    record Lease() implements Entry {}

    /** Bytes that this version does not understand. */
    record Unreadable() implements Entry {}

    byte MAGIC = (byte) 0xF7;
    byte VERSION = 1;
    int HEADER = 4;

    /** Returns what {@code bytes} mean. */
    static Entry decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC || bytes[1] != VERSION || bytes[3] != 0) {
            return new Unreadable();
        }
        return switch (bytes[2]) {
            case 'V' -> new Value(Arrays.copyOfRange(bytes, HEADER, bytes.length));
            case 'A' -> new Absence();
            case 'L' -> new Lease();
            default -> new Unreadable();
        };
    }

    /** Returns the bytes of an entry with a value. */
    static byte[] value(byte[] content) {
        return encode('V', content);
    }

    /** Returns the bytes of an entry that says that there is no value. */
    static byte[] absence() {
        return encode('A', new byte[0]);
    }

    /** Returns the bytes of a lease that no other is equal to. */
    static byte[] newLease() {
        // Nothing secret depends on it: whoever can write the key can do anything with it already.
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String token =
                HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(random.nextLong());
        return encode('L', token.getBytes(US_ASCII));
    }

    private static byte[] encode(char kind, byte[] content) {
        byte[] bytes = new byte[HEADER + content.length];
        bytes[0] = MAGIC;
        bytes[1] = VERSION;
        bytes[2] = (byte) kind;
        System.arraycopy(content, 0, bytes, HEADER, content.length);
        return bytes;
    }
}
