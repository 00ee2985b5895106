package dev.forge.cli.project;

/** A manifest that forge cannot have written. Its message is what is wrong, as a sentence without a full stop. */
public final class InvalidManifest extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidManifest(String what) {
        super(what);
    }

    /** What is wrong. */
    public String what() {
        return String.valueOf(getMessage());
    }
}
