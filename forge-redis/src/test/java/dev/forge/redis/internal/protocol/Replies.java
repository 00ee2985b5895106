package dev.forge.redis.internal.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replies as tests send and compare them. Needs no library, because the fuzzer runs without. */
final class Replies {

    private Replies() {}

    /** Returns a source that gives at most {@code piece} bytes at once. */
    static ReplyReader.Source inPieces(byte[] bytes, int piece) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        return (to, offset, length) -> {
            int count = Math.min(Math.min(piece, length), left.remaining());
            left.get(to, offset, count);
            return count == 0 ? -1 : count;
        };
    }

    /** Returns {@code value}, which {@link Reply.Any} has collected, as a text that no other value has. */
    static String shown(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length + ":" + new String(bytes, ISO_8859_1);
        }
        return value instanceof List<?> list
                ? list.stream().map(Replies::shown).toList().toString()
                : value + (value instanceof Long ? "L" : "");
    }
}
