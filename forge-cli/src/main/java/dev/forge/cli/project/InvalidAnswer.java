package dev.forge.cli.project;

/** An answer that breaks its rule, with one that does not. */
public final class InvalidAnswer extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String suggestion;

    InvalidAnswer(String rule, String suggestion) {
        super(rule);
        this.rule = rule;
        this.suggestion = suggestion;
    }

    /** What the answer must be, and what it was. */
    public String rule() {
        return rule;
    }

    /** A legal answer near to the one that was given. */
    public String suggestion() {
        return suggestion;
    }
}
