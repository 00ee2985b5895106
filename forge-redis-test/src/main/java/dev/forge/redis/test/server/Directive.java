package dev.forge.redis.test.server;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One line of a redis.conf: a name and its arguments, of any characters that fit on a line. Internal. */
public record Directive(String name, List<String> arguments) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    /** Checks that it fits on a line. */
    public Directive {
        arguments = List.copyOf(arguments);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "option must be the name of a redis.conf directive, but was \"" + escaped(name) + "\"");
        }
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("option " + name + " must have a value, but had none");
        }
        if (arguments.stream().anyMatch(Directive::breaksTheLine)) {
            // The value may be a password, so it is not repeated.
            throw new IllegalArgumentException("option " + name + " must fit on one line, but has a control character");
        }
    }

    /** A directive with these arguments. */
    public static Directive of(String name, String... arguments) {
        return new Directive(name, List.of(arguments));
    }

    /** Whether it has this name, in any case. */
    public boolean is(String otherName) {
        return name.equalsIgnoreCase(otherName);
    }

    /** The line for the server: each argument is quoted, so that it may contain spaces and quotes. */
    String line() {
        return name + arguments.stream().map(Directive::quoted).collect(Collectors.joining(" ", " ", ""));
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static boolean breaksTheLine(String argument) {
        return argument.chars().anyMatch(Character::isISOControl);
    }

    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
