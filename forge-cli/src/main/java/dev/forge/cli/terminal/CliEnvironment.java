package dev.forge.cli.terminal;

import dev.forge.cli.failure.Printable;
import java.io.BufferedReader;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * The environment of a command: everything that it takes from the process and that tests replace.
 *
 * @param directory the current directory
 * @param out takes results
 * @param err takes everything else
 * @param colour whether the output may be styled
 * @param questions asks the user; empty without a terminal
 * @param command how the user calls forge, for suggested commands
 * @param searchPath the directories to search for programs
 */
public record CliEnvironment(
        Path directory,
        PrintStream out,
        PrintStream err,
        boolean colour,
        Optional<Questions> questions,
        String command,
        String searchPath) {

    /** The environment of this process. */
    public static CliEnvironment ofThisProcess() {
        return new CliEnvironment(
                Path.of("").toAbsolutePath(),
                System.out,
                System.err,
                Ansi.AUTO.enabled(),
                questionsOn(System.console()),
                Printable.shell(System.getProperty("forge.command", "forge")),
                Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    private static Optional<Questions> questionsOn(@Nullable Console console) {
        return Optional.ofNullable(console)
                .filter(CliEnvironment::isTerminal)
                .map(terminal -> new Questions(new BufferedReader(terminal.reader()), terminal.writer()));
    }

    /** Since Java 22 a console may have no terminal, and {@code Console.isTerminal} returns whether it has one. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
