package dev.forge.cli.program;

import dev.forge.cli.failure.Printable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a program has ended.
 *
 * @param exit its exit code
 * @param output what it has printed, errors included
 */
record ProgramResult(int exit, String output) {
    private static final int LONGEST = 200;
    private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;]*m");
    private static final Pattern ERROR = Pattern.compile("^(?:\\[ERROR\\]|fatal:|error:) *(?=\\S)");

    boolean succeeded() {
        return exit == 0;
    }

    /** Why it failed, in its own words: the first line that it calls an error, or else its last line. */
    String reason() {
        List<String> lines = COLOUR.matcher(output)
                .replaceAll("")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        Optional<String> error =
                lines.stream().filter(line -> ERROR.matcher(line).find()).findFirst();
        String line = error.map(found -> ERROR.matcher(found).replaceFirst(""))
                .orElseGet(() -> lines.isEmpty() ? "exit code " + exit : lines.get(lines.size() - 1));
        return Printable.oneLine(line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line);
    }
}
