package dev.forge.cli.init;

import dev.forge.cli.project.InvalidAnswer;

/** An option whose value breaks its rule. */
final class InvalidOption extends Exception {
    private static final long serialVersionUID = 1L;

    private final String option;
    private final String suggestion;

    InvalidOption(String option, InvalidAnswer cause) {
        super(cause.about(option), cause);
        this.option = option;
        this.suggestion = cause.suggestion();
    }

    /** What the option must be, and what it was. */
    String rule() {
        return String.valueOf(getMessage());
    }

    /** {@code command} with a legal value of the option. */
    TypedCommand corrected(TypedCommand command) {
        return command.with(option, suggestion);
    }
}
