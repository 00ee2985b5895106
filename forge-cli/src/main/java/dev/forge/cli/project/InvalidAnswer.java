package dev.forge.cli.project;

/** An answer that breaks its rule, with a legal suggestion. */
public final class InvalidAnswer extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String suggestion;

    InvalidAnswer(String rule, String suggestion) {
        super(rule);
        this.rule = rule;
        this.suggestion = suggestion;
    }

    /** What {@code subject} must be, and what it was. */
    public String about(String subject) {
        return subject + " " + rule;
    }

    /** A legal answer close to the given one. */
    public String suggestion() {
        return suggestion;
    }
}
