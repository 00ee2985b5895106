package dev.forge.cli.json;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes values as indented JSON: maps, collections, strings, numbers and booleans, in the order in which they come.
 *
 * <p>Not a library, because loading one takes as long as the rest of a command.
 */
public final class Json {
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    private Json() {}

    /**
     * {@code value} as JSON, with a line feed at the end.
     *
     * @throws IllegalArgumentException if a value is of another type
     */
    public static String write(Map<String, ?> value) {
        Json json = new Json();
        json.append(value, "\n");
        return json.text.append('\n').toString();
    }

    private void append(Object value, String newLine) {
        if (value instanceof Map<?, ?> map) {
            appendObject(map, newLine);
        } else if (value instanceof Collection<?> items) {
            appendArray(items, newLine);
        } else if (value instanceof String string) {
            appendString(string);
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            text.append(value);
        } else {
            throw new IllegalArgumentException("value must be a JSON type, but was a " + value.getClass());
        }
    }

    private void appendObject(Map<?, ?> map, String newLine) {
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        text.append('{');
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            text.append(newLine).append(INDENT);
            appendString(String.valueOf(entry.getKey()));
            text.append(": ");
            append(entry.getValue(), newLine + INDENT);
            text.append(entries.hasNext() ? "," : newLine);
        }
        text.append('}');
    }

    private void appendArray(Collection<?> items, String newLine) {
        Iterator<?> each = items.iterator();
        text.append('[');
        while (each.hasNext()) {
            text.append(newLine).append(INDENT);
            append(each.next(), newLine + INDENT);
            text.append(each.hasNext() ? "," : newLine);
        }
        text.append(']');
    }

    private void appendString(String string) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char character = string.charAt(i);
            switch (character) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                default -> {
                    // Everything outside printable ASCII is escaped, so that the output is valid in any terminal's
                    // charset.
                    if (character < ' ' || character > '~') {
                        text.append(String.format("\\u%04x", (int) character));
                    } else {
                        text.append(character);
                    }
                }
            }
        }
        text.append('"');
    }
}
