package dev.forge.redis.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads JSON strings of only printable ASCII without escapes, by copying them. */
final class PlainText {

    private static final int LARGEST_SCRATCH = 16 * 1024;
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[LARGEST_SCRATCH]);

    private PlainText() {}

    /** Returns the text, or null if only a parser can read it. */
    static @Nullable String read(byte[] json, int offset, int length) {
        int last = offset + length - 1;
        if (length < 2 || json[offset] != '"' || json[last] != '"') {
            return null;
        }
        for (int i = offset + 1; i < last; i++) {
            byte b = json[i];
            // Bytes above ASCII are negative.
            if (b < ' ' || b == '"' || b == '\\') {
                return null;
            }
        }
        return new String(json, offset + 1, length - 2, ISO_8859_1);
    }

    /** Like {@link #read(byte[], int, int)}, for a buffer, which may be off the heap. */
    static @Nullable String read(ByteBuffer json) {
        int length = json.remaining();
        if (length > LARGEST_SCRATCH) {
            return null;
        }
        byte[] scratch = SCRATCH.get();
        json.get(json.position(), scratch, 0, length);
        return read(scratch, 0, length);
    }
}
