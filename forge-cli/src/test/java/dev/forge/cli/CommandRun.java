package dev.forge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.forge.cli.terminal.CliEnvironment;
import dev.forge.cli.terminal.Questions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of the command inside the test's process, and its result. */
public record CommandRun(int exit, String out, String err, String dialogue) {
    /** Runs the command in {@code directory}, without a terminal for questions. */
    public static CommandRun in(Path directory, String... arguments) {
        return run(directory, "", null, arguments);
    }

    /** Runs the command with a user who types {@code answers}. */
    public static CommandRun answering(String answers, Path directory, String... arguments) {
        return run(directory, "", answers, arguments);
    }

    /** Runs the command with programs from {@code searchPath}. */
    public static CommandRun withPrograms(Path searchPath, Path directory, String... arguments) {
        return run(directory, searchPath.toString(), null, arguments);
    }

    /** The two lines of an error. */
    public List<String> errorLines() {
        return err.lines().toList();
    }

    private static CommandRun run(Path directory, String searchPath, @Nullable String answers, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StringWriter dialogue = new StringWriter();
        Optional<Questions> questions = Optional.ofNullable(answers)
                .map(text -> new Questions(new BufferedReader(new StringReader(text)), new PrintWriter(dialogue)));
        int exit = Forge.run(
                new CliEnvironment(
                        directory,
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        questions,
                        "forge",
                        searchPath),
                arguments);
        return new CommandRun(exit, out.toString(UTF_8), err.toString(UTF_8), dialogue.toString());
    }
}
