package dev.forge.cli.terminal;

import dev.forge.cli.failure.Failure;
import dev.forge.cli.project.InvalidAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** Asks the user, one line for each question, with the default in brackets. Repeats it after an illegal answer. */
public final class Questions {
    private static final Set<String> YES = Set.of("y", "yes");
    private static final Set<String> NO = Set.of("n", "no");

    private final BufferedReader in;
    private final PrintWriter out;

    /** Asks on {@code out} and reads from {@code in}. */
    public Questions(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    /** Asks until {@code parse} accepts the answer. */
    public <T> T ask(String question, String defaultAnswer, Function<String, T> parse) {
        while (true) {
            String answer = read(question + " [" + defaultAnswer + "]: ");
            try {
                return parse.apply(answer.isEmpty() ? defaultAnswer : answer);
            } catch (InvalidAnswer e) {
                out.println("  " + e.rule() + "; try " + e.suggestion());
            }
        }
    }

    /** Asks until the answer is yes or no. */
    public boolean confirm(String question, boolean defaultAnswer) {
        while (true) {
            String answer =
                    read(question + (defaultAnswer ? " [Y/n]: " : " [y/N]: ")).toLowerCase(Locale.ROOT);
            if (answer.isEmpty()) {
                return defaultAnswer;
            }
            if (YES.contains(answer) || NO.contains(answer)) {
                return YES.contains(answer);
            }
            out.println("  Answer y or n.");
        }
    }

    private String read(String prompt) {
        out.print(prompt);
        out.flush();
        try {
            String line = in.readLine();
            if (line == null) {
                out.println();
                throw Failure.interrupted("the questions were not answered; nothing was written", "forge init NAME -y");
            }
            return line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
