package dev.forge.torture.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** After a fault Redis is used again within a bound in 99 of 100 cases, and always within twice that. Thread-safe. */
public final class RecoveryCheck {

    static final String PROMISE = "recovery in time";

    private static final int SHARE = 100;

    private final Violations violations;
    private final List<Long> millis = new ArrayList<>();
    private int late;

    public RecoveryCheck(Violations violations) {
        this.violations = violations;
    }

    /** A fault is over, and {@code took} later a read and a write worked again. */
    public synchronized void recovered(String fault, Duration took, Duration bound) {
        millis.add(took.toMillis());
        if (took.compareTo(bound) > 0) {
            late++;
        }
        if (took.compareTo(bound.multipliedBy(2)) > 0) {
            violations.add(PROMISE, "after " + fault + " it took " + took.toMillis() + " ms of " + bound.toMillis());
        }
    }

    /** Checks how many were late; one in a few hundred may be. */
    public synchronized void finish() {
        if (late > 1 + millis.size() / SHARE) {
            violations.add(PROMISE, late + " of " + millis.size() + " recoveries were late");
        }
    }

    /** Returns the median and the longest, in milliseconds, and how many were late. */
    public synchronized List<Long> summary() {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? List.of(0L, 0L, 0L)
                : List.of(sorted.get(sorted.size() / 2), sorted.get(sorted.size() - 1), (long) late);
    }
}
