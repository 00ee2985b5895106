package dev.forge.redis.settings;

import java.util.List;

/** Settings that are not valid; the message lists every problem, one per line, without any secret. */
public final class InvalidSettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final String[] problems;

    /** Creates the exception with problems that hold no secret. */
    public InvalidSettingsException(List<String> problems) {
        super("The Redis settings cannot be used:\n  - " + String.join("\n  - ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** Returns the problems: the variable, the rule, and the value unless it may be secret. */
    public List<String> problems() {
        return List.of(problems);
    }
}
