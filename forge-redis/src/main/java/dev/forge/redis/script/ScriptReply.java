package dev.forge.redis.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a script: nothing, an integer, bytes, or a list of these.
 *
 * <p>Each accessor throws {@link IllegalStateException} if the reply is of another kind.
 */
public final class ScriptReply {

    private final @Nullable Object value;

    /** Creates a reply of null, a {@code Long}, a {@code byte[]}, or a list of these. */
    public ScriptReply(@Nullable Object value) {
        this.value = value;
    }

    /** Returns whether the script replied nothing: {@code nil} or {@code false}. */
    public boolean isNothing() {
        return value == null;
    }

    /** Returns whether the script replied a list. */
    public boolean isList() {
        return value instanceof List;
    }

    /** Returns the integer. */
    public long asLong() {
        if (value instanceof Long number) {
            return number;
        }
        throw another("an integer");
    }

    /** Returns the bytes, or nothing. */
    public Optional<byte[]> asBytes() {
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof byte[] bytes) {
            return Optional.of(bytes);
        }
        throw another("bytes");
    }

    /** Returns the bytes as UTF-8 text. */
    public String asText() {
        return new String(asBytes().orElseThrow(() -> another("text")), UTF_8);
    }

    /** Returns how many elements the list has. */
    public int size() {
        return list().size();
    }

    /** Returns element {@code index} of the list, an integer. */
    public long longAt(int index) {
        if (list().get(index) instanceof Long number) {
            return number;
        }
        throw another("a list with an integer at " + index);
    }

    /** Returns element {@code index} of the list, bytes that belong to the caller. */
    public byte[] bytesAt(int index) {
        if (list().get(index) instanceof byte[] bytes) {
            return bytes;
        }
        throw another("a list with bytes at " + index);
    }

    private List<?> list() {
        if (value instanceof List<?> list) {
            return list;
        }
        throw another("a list");
    }

    /** Returns the elements of the list. */
    public List<ScriptReply> asList() {
        return list().stream().map(ScriptReply::new).toList();
    }

    private IllegalStateException another(String wanted) {
        String kind = value == null ? "nothing" : value.getClass().getSimpleName();
        return new IllegalStateException("the script should have replied " + wanted + ", but replied " + kind);
    }
}
