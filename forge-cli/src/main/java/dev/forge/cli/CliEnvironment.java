package dev.forge.cli;

import dev.forge.cli.failure.Printable;
import java.io.BufferedReader;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command runs: everything it takes from the process and a test would want to replace.
 *
 * @param directory the current directory
 * @param out takes results
 * @param err takes everything else
 * @param colour whether the output may be styled
 * @param questions how to ask a person; empty when there is none to ask
 * @param command how the person calls forge, for the commands that are suggested
 * @param searchPath the directories of programs
 */
record CliEnvironment(
        Path directory,
        PrintStream out,
        PrintStream err,
        boolean colour,
        Optional<Questions> questions,
        String command,
        String searchPath) {

    static CliEnvironment ofThisProcess() {
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

    /** From Java 22 on there may be a console without a terminal, and a method that tells. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
