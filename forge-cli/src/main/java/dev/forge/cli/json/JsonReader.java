package dev.forge.cli.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON that may have been edited by hand or by an attacker: one object of objects, arrays, strings, whole numbers
 * and booleans.
 *
 * <p>Rejects what {@link Json} never writes: {@code null}, fractions, a name that occurs twice, nesting beyond eight.
 */
public final class JsonReader {
    private static final int DEEPEST = 8;

    private final String text;
    private int position;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * The object in {@code text}.
     *
     * @throws IllegalArgumentException with the line and what is wrong there
     */
    public static Map<String, Object> read(String text) {
        JsonReader reader = new JsonReader(text);
        if (reader.peek() != '{') {
            throw reader.wrong("an object must begin with {");
        }
        Map<String, Object> object = reader.object();
        if (reader.peek() != 0) {
            throw reader.wrong("there is something after the last }");
        }
        return object;
    }

    private Object value() {
        char next = peek();
        return switch (next) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't', 'f' -> word(next == 't');
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> object = new LinkedHashMap<>();
        open();
        boolean more = !closes('}');
        while (more) {
            if (peek() != '"') {
                throw wrong("a name in double quotes is missing");
            }
            String name = string();
            if (peek() != ':') {
                throw wrong("a : is missing");
            }
            position++;
            if (object.put(name, value()) != null) {
                throw wrong("a name occurs twice");
            }
            more = another('}');
        }
        depth--;
        return object;
    }

    private List<Object> array() {
        List<Object> items = new ArrayList<>();
        open();
        boolean more = !closes(']');
        while (more) {
            items.add(value());
            more = another(']');
        }
        depth--;
        return items;
    }

    private void open() {
        position++;
        depth++;
        if (depth > DEEPEST) {
            throw wrong("it is nested too deep");
        }
    }

    private boolean closes(char end) {
        if (peek() != end) {
            return false;
        }
        position++;
        return true;
    }

    /** Whether a comma follows, and not {@code end}. */
    private boolean another(char end) {
        if (closes(end)) {
            return false;
        }
        if (!closes(',')) {
            throw wrong("a , or " + end + " is missing");
        }
        return true;
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        position++;
        while (position < text.length()) {
            char character = text.charAt(position++);
            if (character == '"') {
                return string.toString();
            }
            if (character < ' ') {
                throw wrong("a string is not closed");
            }
            string.append(character == '\\' ? escaped() : character);
        }
        throw wrong("a string is not closed");
    }

    private char escaped() {
        char kind = position < text.length() ? text.charAt(position++) : 0;
        return switch (kind) {
            case '"', '\\', '/' -> kind;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw wrong("an escape is unknown");
        };
    }

    private char hexadecimal() {
        int end = position + 4;
        if (end > text.length() || !text.substring(position, end).matches("[0-9a-fA-F]{4}")) {
            throw wrong("an escape is unknown");
        }
        char character = (char) Integer.parseInt(text.substring(position, end), 16);
        position = end;
        return character;
    }

    private Boolean word(boolean value) {
        String word = Boolean.toString(value);
        if (!text.startsWith(word, position)) {
            throw wrong("a value is missing");
        }
        position += word.length();
        return value;
    }

    private Long number() {
        int start = position;
        while (position < text.length() && "-0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        try {
            return Long.valueOf(text.substring(start, position));
        } catch (NumberFormatException e) {
            throw wrong("a value is missing");
        }
    }

    /** The next character that is not white space, or 0 at the end. */
    private char peek() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : 0;
    }

    private IllegalArgumentException wrong(String what) {
        long line = text.substring(0, Math.min(position, text.length()))
                        .chars()
                        .filter(character -> character == '\n')
                        .count()
                + 1;
        return new IllegalArgumentException(what + " in line " + line);
    }
}
