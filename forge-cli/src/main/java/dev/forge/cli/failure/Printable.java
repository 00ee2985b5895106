package dev.forge.cli.failure;

import java.util.regex.Pattern;

/** Makes text from outside safe to print: no control characters, and values of limited length. */
public final class Printable {
    private static final int LONGEST = 64;
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_./:=@%+,-][A-Za-z0-9_./:=@%+,~-]*");

    private Printable() {}

    /** {@code value} in double quotes, cut after 64 characters, with control characters escaped. */
    public static String value(String value) {
        String shown = value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
        return '"' + oneLine(shown) + '"';
    }

    /** {@code argument} for a POSIX shell: in single quotes if it needs them. */
    public static String shell(String argument) {
        if (NEEDS_NO_QUOTES.matcher(argument).matches()) {
            return argument;
        }
        return "'" + argument.replace("'", "'\\''") + "'";
    }

    /** {@code text} with control characters and line ends escaped. */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (Character.isISOControl(character) || isInvisible(character)) {
                line.append(String.format("\\u%04x", character));
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.toString();
    }

    /** Line separators, and formatting characters, which can reorder the text on a terminal. */
    private static boolean isInvisible(int character) {
        int type = Character.getType(character);
        return type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR || type == Character.FORMAT;
    }
}
