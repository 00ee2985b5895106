package dev.forge.cli.terminal;

import dev.forge.cli.project.InvalidAnswer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/**
 * Asks the user, one line for each question, with the default in brackets. Repeats it after an illegal answer, and after
 * {@code ?}, which explains it.
 */
public final class Questions {
    private static final Set<String> YES = Set.of("y", "yes");
    private static final Set<String> NO = Set.of("n", "no");

    private final BufferedReader in;
    private final PrintWriter out;
    private boolean introduced;

    /** Asks on {@code out} and reads from {@code in}. */
    public Questions(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    /**
     * A question.
     *
     * @param text what is printed
     * @param subject what the answer is called in the message about an illegal one
     * @param explanation what {@code ?} prints
     */
    public record Question(String text, String subject, String explanation) {}

    /** The input ended before the answer. */
    public static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Unanswered() {
            super("the questions were not answered");
        }
    }

    /**
     * Asks until {@code parse} accepts the answer.
     *
     * @throws Unanswered if the input ends
     */
    public <T> T ask(Question question, String defaultAnswer, Function<String, T> parse) {
        while (true) {
            String answer = read(question, " [" + defaultAnswer + "]: ");
            try {
                return parse.apply(answer.isEmpty() ? defaultAnswer : answer);
            } catch (InvalidAnswer e) {
                out.println("  " + e.about(question.subject()) + "; try " + e.suggestion());
            }
        }
    }

    /**
     * Asks until the answer is yes or no.
     *
     * @throws Unanswered if the input ends
     */
    public boolean confirm(Question question, boolean defaultAnswer) {
        while (true) {
            String answer =
                    read(question, defaultAnswer ? " [Y/n]: " : " [y/N]: ").toLowerCase(Locale.ROOT);
            if (answer.isEmpty()) {
                return defaultAnswer;
            }
            if (YES.contains(answer) || NO.contains(answer)) {
                return YES.contains(answer);
            }
            out.println("  Answer y or n.");
        }
    }

    /** Prints a line between questions. */
    public void tell(String line) {
        out.println(line);
    }

    private String read(Question question, String choice) {
        if (!introduced) {
            out.println("Enter takes the answer in brackets, ? explains the question.");
            introduced = true;
        }
        while (true) {
            out.print(question.text() + choice);
            out.flush();
            String answer = line();
            if (!answer.equals("?")) {
                return answer;
            }
            out.println("  " + question.explanation());
        }
    }

    private String line() {
        try {
            String line = in.readLine();
            if (line == null) {
                out.println();
                throw new Unanswered();
            }
            return line.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
