package dev.forge.redis.key;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern over keys in the glob syntax of Redis, with arguments that are taken literally.
 *
 * <p>{@code KeyPattern.of("user:{}:*", userId)} matches the keys of that one user, even if the id is {@code *} or
 * {@code [12]}: each {@code {}} is filled with one argument, in which every character matches itself. In the rest of
 * the pattern {@code *} matches any text, {@code ?} one byte, {@code [abc]} and {@code [a-z]} one of several
 * characters, and a backslash escapes the next character.
 *
 * <p>A pattern that matches every key is refused, because its cause is nearly always an empty argument; to delete all
 * values of a cache, use {@link dev.forge.redis.cache.Cache#clear}, and to delete all keys, {@link
 * dev.forge.redis.RedisManager#clearNamespaceAsync}. Also refused are patterns that cost a server much
 * time, or that crash some versions (CVE-2022-36021, CVE-2024-31228).
 *
 * <p>Immutable.
 */
public final class KeyPattern {

    /** The maximum length of a pattern, in bytes of UTF-8. */
    public static final int MAX_BYTES = 512;

    /** The maximum number of wildcards; the time that the server needs grows steeply with it. */
    public static final int MAX_WILDCARDS = 8;

    private static final String SPECIAL = "*?[]^-\\";
    private static final Pattern OF_WILDCARDS = Pattern.compile("([*?]|\\[\\^(\\\\.|[^]\\\\])*])*");

    private final List<Part> parts;
    private final Glob glob;

    private KeyPattern(String template, List<Part> parts) {
        this.parts = parts;
        check(template);
        this.glob = Glob.of(glob());
    }

    /** A part of the pattern: glob syntax, or text in which every character matches itself. */
    private record Part(String text, boolean literal) {}

    /**
     * Returns the pattern {@code template} with each {@code {}} filled by one of {@code values}, taken literally.
     *
     * @throws IllegalArgumentException if the pattern is blank, matches every key, is too long, has too many wildcards,
     *     is not valid Unicode, gets the wrong number of values, or has {@code {}} after a backslash or within brackets
     */
    public static KeyPattern of(String template, Object... values) {
        requireNonNull(template, "template");
        if (template.isBlank()) {
            throw new IllegalArgumentException("pattern must not be blank");
        }
        if (template.length() > MAX_BYTES) {
            throw refused("have at most " + MAX_BYTES + " bytes, but has more", template);
        }
        return new KeyPattern(template, split(template, values));
    }

    /** Returns the pattern in the syntax of Redis. */
    public String glob() {
        StringBuilder glob = new StringBuilder();
        parts.forEach(part -> glob.append(part.literal() ? escaped(part.text()) : part.text()));
        return glob.toString();
    }

    /** Returns whether {@code key}, as callers write it, matches. */
    public boolean matches(String key) {
        return glob.matches(key);
    }

    /** Returns a glob that matches all matching keys as {@link RedisKey} encodes them, and perhaps others. */
    String encodedGlob() {
        return glob.encoded();
    }

    /** Returns whether {@link #encodedGlob} matches no others. */
    boolean isExactlyEncoded() {
        return glob.isExactlyEncoded();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPattern pattern && parts.equals(pattern.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    @Override
    public String toString() {
        return glob();
    }

    /** Returns {@code text} with a backslash before each character that has a meaning in a pattern. */
    public static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SPECIAL.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    private static List<Part> split(String template, Object[] values) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        int filled = 0;
        for (int at = template.indexOf("{}"); at >= 0; at = template.indexOf("{}", from)) {
            if (filled == values.length) {
                throw wrongNumber(template, values);
            }
            if (at > from) {
                parts.add(new Part(template.substring(from, at), false));
            }
            parts.add(new Part(String.valueOf(requireNonNull(values[filled], "value")), true));
            filled++;
            from = at + 2;
        }
        if (filled < values.length) {
            throw wrongNumber(template, values);
        }
        if (from < template.length()) {
            parts.add(new Part(template.substring(from), false));
        }
        return List.copyOf(parts);
    }

    private void check(String template) {
        String glob = glob();
        if (!RedisKey.isUnicode(glob)) {
            // UTF-8 would turn it into a question mark, which is a wildcard.
            throw refused("be valid Unicode, but holds half of a surrogate pair", template);
        }
        int bytes = glob.getBytes(UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw refused("have at most " + MAX_BYTES + " bytes, but has " + bytes, template);
        }
        long wildcards = wildcards(glob);
        if (wildcards > MAX_WILDCARDS) {
            throw refused("have at most " + MAX_WILDCARDS + " wildcards, but has " + wildcards, template);
        }
        if (glob.contains("*") && OF_WILDCARDS.matcher(glob).matches()) {
            throw refused(
                    "not match every key (to delete all values of a cache, use Cache.clear; all keys, RedisManager.clearNamespaceSync)",
                    template);
        }
        if (!isFilledOutsideOfSyntax()) {
            throw refused("not have {} after a backslash or within brackets", template);
        }
    }

    /** Returns whether each value is at a place where its characters can be escaped to match themselves. */
    private boolean isFilledOutsideOfSyntax() {
        // The last part is followed by no value.
        return parts.stream()
                .limit(parts.size() - 1)
                .allMatch(part -> part.literal() || Glob.of(part.text()).isComplete());
    }

    private static long wildcards(String glob) {
        long count = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '*' || c == '?' || c == '[') {
                count++;
            }
        }
        return count;
    }

    private static IllegalArgumentException refused(String rule, String template) {
        return new IllegalArgumentException("pattern must " + rule + ": " + RedisKey.shown(template));
    }

    private static IllegalArgumentException wrongNumber(String template, Object[] values) {
        return new IllegalArgumentException("pattern must have one {} for each of the " + values.length
                + " values, but was " + RedisKey.shown(template));
    }
}
