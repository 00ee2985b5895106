package dev.forge.torture.check;

/** A deletion by pattern removes every key that matches, and no other. Thread-safe. */
public final class PresenceCheck {

    static final String PROMISE = "deletion by pattern removes all that matches and nothing else";

    private final Violations violations;

    public PresenceCheck(Violations violations) {
        this.violations = violations;
    }

    /**
     * Checks a deletion that was acknowledged.
     *
     * @param matching how many matching keys surely existed
     * @param left how many of them still exist
     * @param others how many other keys surely existed
     * @param othersLeft how many of those still exist
     */
    public void check(long matching, long left, long others, long othersLeft) {
        if (left > 0) {
            violations.add(PROMISE, left + " of " + matching + " keys that match are still there");
        }
        if (othersLeft < others) {
            violations.add(PROMISE, others - othersLeft + " of " + others + " keys that do not match are gone");
        }
    }
}
