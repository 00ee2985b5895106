package dev.forge.redis.key;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds keys from segments, so that different segments always give different keys.
 *
 * <p>{@code RedisKey.of("user", id, "profile")} is {@code user:42:profile} for the id 42. In a segment the characters
 * {@code : { } * ? [ ] ^ \ %} and control characters are percent-encoded. So no segment can pass for two, move a key to
 * another slot of a cluster, or act as a pattern.
 *
 * <p>Thread-safe.
 */
public final class RedisKey {

    /** The maximum length of a key, including the prefix of the settings, in bytes of UTF-8. */
    public static final int MAX_BYTES = 1024;

    private static final int SHOWN_CHARACTERS = 64;
    private static final String ENCODED = "{}*?[]^\\%";
    private static final boolean[] IS_ENCODED = encodedCharacters();
    private static final String HEX = "0123456789ABCDEF";

    private RedisKey() {}

    /**
     * Returns the key made of {@code first} and {@code rest}, joined by colons.
     *
     * <p>Segments are converted by {@link String#valueOf(Object)}.
     */
    public static String of(Object first, Object... rest) {
        StringBuilder key = new StringBuilder();
        appendEncoded(key, String.valueOf(requireNonNull(first, "first")), true);
        for (Object segment : rest) {
            key.append(':');
            appendEncoded(key, String.valueOf(requireNonNull(segment, "segment")), true);
        }
        return key.toString();
    }

    /** Returns {@code text} with all characters encoded that have a meaning in a key or a pattern, except colons. */
    static String encoded(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length());
        appendEncoded(encoded, text, false);
        return encoded.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isEncoded(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEncoded(char c) {
        return c < IS_ENCODED.length && IS_ENCODED[c];
    }

    private static boolean[] encodedCharacters() {
        boolean[] encoded = new boolean[0x80];
        Arrays.fill(encoded, 0, 0x20, true);
        encoded[0x7f] = true;
        for (int i = 0; i < ENCODED.length(); i++) {
            encoded[ENCODED.charAt(i)] = true;
        }
        return encoded;
    }

    /** Returns the text that {@link #encoded} turns into {@code text}, or nothing if there is none. */
    static Optional<String> decoded(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? HEX.indexOf(text.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : HEX.indexOf(text.charAt(i + 2));
                if (low < 0) {
                    return Optional.empty();
                }
                c = (char) (high << 4 | low);
                i += 2;
            }
            decoded.append(c);
        }
        String key = decoded.toString();
        return encoded(key).equals(text) ? Optional.of(key) : Optional.empty();
    }

    /**
     * Returns the bytes of {@code prefix + key}.
     *
     * @throws IllegalArgumentException if the key is empty, too long, or not valid Unicode
     */
    public static byte[] bytes(String prefix, String key) {
        if (requireNonNull(key, "key").isEmpty()) {
            throw new IllegalArgumentException("key must not be empty");
        }
        if (key.length() > MAX_BYTES) {
            throw tooLong(key, key.length() + " characters");
        }
        if (!isUnicode(key)) {
            throw new IllegalArgumentException(
                    "key must be valid Unicode, but holds half of a surrogate pair: " + shown(key));
        }
        byte[] bytes = (prefix.isEmpty() ? key : prefix + key).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw tooLong(key, bytes.length + " bytes");
        }
        return bytes;
    }

    /**
     * Returns the bytes of {@code front} and {@code key}, or null if the key is empty or too long, or has a character
     * that is not ASCII or must be encoded.
     */
    static byte @Nullable [] plainBytes(byte[] front, String key) {
        int length = key.length();
        if (length == 0 || front.length + length > MAX_BYTES) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(front, front.length + length);
        for (int i = 0; i < length; i++) {
            char c = key.charAt(i);
            if (c >= 0x7f || isEncoded(c)) {
                return null;
            }
            bytes[front.length + i] = (byte) c;
        }
        return bytes;
    }

    /**
     * Returns whether {@code text} is valid Unicode. Half of a surrogate pair is not: it cannot be encoded in UTF-8, so
     * different texts would become the same bytes.
     */
    public static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !isPaired(text, i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns {@code key} for messages: at most 64 characters, escaped so that it cannot forge a log line. */
    public static String shown(String key) {
        return shown(key, SHOWN_CHARACTERS);
    }

    /** Returns {@code text} for messages: at most {@code most} characters of it, escaped as by {@link #shown(String)}. */
    public static String shown(String text, int most) {
        StringBuilder shown = new StringBuilder();
        int end = Math.min(text.length(), most);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || (Character.isSurrogate(c) && !isPaired(text, i)) || isLineBreak(c)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return text.length() > end ? shown.append('…').toString() : shown.toString();
    }

    private static void appendEncoded(StringBuilder target, String text, boolean colonToo) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isEncoded(c) || (c == ':' && colonToo)) {
                target.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
            } else {
                target.append(c);
            }
        }
    }

    private static boolean isPaired(String text, int index) {
        char c = text.charAt(index);
        return Character.isHighSurrogate(c)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }

    private static boolean isLineBreak(char c) {
        return c == '\u2028' || c == '\u2029';
    }

    private static IllegalArgumentException tooLong(String key, String length) {
        return new IllegalArgumentException("key must have at most " + MAX_BYTES + " bytes, but has " + length
                + " (hash the long part of it): " + shown(key));
    }
}
