package dev.forge.redis;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern over keys in the glob syntax of Redis, in which what comes from outside is taken literally.
 *
 * <p>{@code KeyPattern.of("user:{}:*", userId)} matches the keys of that one user, even if the id is {@code *} or
 * {@code [12]}: each {@code {}} is filled with one argument, in which every character stands for itself. In the rest of the
 * pattern {@code *} stands for any text, {@code ?} for one byte, {@code [abc]} and {@code [a-z]} for one of several, and a
 * backslash takes the meaning from the character behind it.
 *
 * <p>A pattern that matches every key is refused, because it is nearly always an argument that was left empty;
 * {@link #everything()} says that it is meant.
 *
 * <p>Immutable.
 */
public final class KeyPattern {

    /** The longest pattern that is accepted, in characters. */
    public static final int MAX_CHARACTERS = 512;

    /** The most wildcards that are accepted; the time that the server needs grows steeply with their number. */
    public static final int MAX_WILDCARDS = 8;

    private static final String SPECIAL = "*?[]^-\\";
    private static final KeyPattern EVERYTHING = new KeyPattern(List.of(new Part("*", false)));

    private final List<Part> parts;

    private KeyPattern(List<Part> parts) {
        this.parts = parts;
    }

    /** A piece of the pattern: glob syntax, or text in which every character stands for itself. */
    private record Part(String text, boolean literal) {}

    /**
     * Returns the pattern {@code template} with each {@code {}} filled by one of {@code values}, taken literally.
     *
     * @throws IllegalArgumentException if the pattern is blank, matches every key, is too long, has too many wildcards, or
     *     needs another number of values
     */
    public static KeyPattern of(String template, Object... values) {
        requireNonNull(template, "template");
        if (template.isBlank()) {
            throw new IllegalArgumentException("pattern must not be blank");
        }
        KeyPattern pattern = new KeyPattern(split(template, values));
        pattern.check(template);
        return pattern;
    }

    /** Returns the pattern that matches every key of the namespace that it is applied to. */
    public static KeyPattern everything() {
        return EVERYTHING;
    }

    /** Returns the pattern in the syntax of Redis. */
    public String glob() {
        StringBuilder glob = new StringBuilder();
        parts.forEach(part -> glob.append(part.literal() ? escaped(part.text()) : part.text()));
        return glob.toString();
    }

    /** Returns this pattern over the keys that begin with {@code prefix}, whose own keys are encoded by {@link RedisKey}. */
    String globBehind(String prefix) {
        StringBuilder glob = new StringBuilder(escaped(prefix));
        parts.forEach(part ->
                glob.append(part.literal() ? escaped(RedisKey.encoded(part.text())) : encodedGlob(part.text())));
        return glob.toString();
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

    /** Returns {@code text} with a backslash before each character that means something in a pattern. */
    static String escaped(String text) {
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

    /** Encodes what keys encode and what means nothing in a pattern. */
    private static String encodedGlob(String text) {
        return text.replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
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
        if (glob.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("pattern must have at most " + MAX_CHARACTERS + " characters, but has "
                    + glob.length() + ": " + RedisKey.shown(template));
        }
        long wildcards = wildcards(glob);
        if (wildcards > MAX_WILDCARDS) {
            throw new IllegalArgumentException("pattern must have at most " + MAX_WILDCARDS + " wildcards, but has "
                    + wildcards + ": " + RedisKey.shown(template));
        }
        if (glob.chars().allMatch(c -> c == '*')) {
            throw new IllegalArgumentException("pattern must not match every key, but was " + RedisKey.shown(template)
                    + " (say KeyPattern.everything() if that is meant)");
        }
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

    private static IllegalArgumentException wrongNumber(String template, Object[] values) {
        return new IllegalArgumentException("pattern must have one {} for each of the " + values.length
                + " values, but was " + RedisKey.shown(template));
    }
}
