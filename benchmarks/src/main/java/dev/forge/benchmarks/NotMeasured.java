package dev.forge.benchmarks;

/** The reason why there are no numbers for a suite. */
final class NotMeasured extends Exception {
    private static final long serialVersionUID = 1L;

    NotMeasured(String reason) {
        super("not measured: " + reason);
    }
}
