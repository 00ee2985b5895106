package dev.forge.cli.init;

import dev.forge.cli.failure.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code forge} command that a user can paste: what was typed, with what has to change. Every suggestion that forge
 * prints is made here, so that none loses the name, the directory or an option.
 *
 * @param program how the user calls forge, quoted for a shell
 * @param name the NAME of the project, or {@code .}
 * @param options the options by their names, in the order of the help; a flag has an empty value
 */
public record TypedCommand(String program, String name, Map<String, String> options) {
    private static final List<String> ORDER = List.of(
            "--package",
            "--group",
            "--java",
            "--redis",
            "--no-redis",
            "--worker",
            "--no-worker",
            "--docker",
            "--no-docker",
            "--ci",
            "--git",
            "--no-git",
            "--wrapper",
            "--no-wrapper",
            "--dir",
            "--force",
            "--dry-run",
            "--json",
            "-y",
            "--run",
            "--port",
            "--debug");

    /** Copies {@code options}. */
    public TypedCommand {
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String option : ORDER) {
            String value = options.get(option);
            if (value != null) {
                ordered.put(option, value);
            }
        }
        options = ordered;
    }

    /** {@code forge init} without options. */
    static TypedCommand init(String program, String name) {
        return new TypedCommand(program, name, Map.of());
    }

    /** The help of {@code command}, such as {@code init}; of forge itself, if it is empty. */
    public static String help(String program, String command) {
        return program + (command.isEmpty() ? "" : " " + command) + " --help";
    }

    /** The command line {@code arguments}, whatever they are. */
    public static String retyped(String program, List<String> arguments) {
        StringBuilder line = new StringBuilder(program);
        arguments.forEach(argument -> line.append(' ').append(Printable.shell(argument)));
        return line.toString();
    }

    TypedCommand named(String newName) {
        return new TypedCommand(program, newName, options);
    }

    /** With this flag. */
    TypedCommand with(String option) {
        return with(option, "");
    }

    /** With this option, or this value of it. */
    TypedCommand with(String option, String value) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(option, value);
        return new TypedCommand(program, name, changed);
    }

    /** With this flag if {@code given}. */
    TypedCommand withFlag(String option, boolean given) {
        return given ? with(option) : this;
    }

    /** With this option if it has a value. */
    TypedCommand withValue(String option, @Nullable String value) {
        return value == null ? this : with(option, value);
    }

    /** With {@code --feature} or {@code --no-feature}, or neither. */
    TypedCommand withSwitch(String feature, @Nullable Boolean on) {
        TypedCommand none = without("--" + feature).without("--no-" + feature);
        return on == null ? none : none.with((on ? "--" : "--no-") + feature);
    }

    TypedCommand without(String option) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.remove(option);
        return new TypedCommand(program, name, changed);
    }

    /** The line to type. */
    String text() {
        List<String> words = new ArrayList<>(List.of("init", name));
        options.forEach((option, value) -> {
            boolean joined = value.startsWith("-");
            words.add(joined ? option + "=" + value : option);
            if (!joined && !(value.isEmpty() && isFlag(option))) {
                words.add(value);
            }
        });
        return retyped(program, words);
    }

    /** The line to type, with a remark that a shell ignores. */
    String text(String remark) {
        return text() + " # " + remark;
    }

    private static boolean isFlag(String option) {
        return !List.of("--package", "--group", "--java", "--ci", "--dir", "--port")
                .contains(option);
    }
}
