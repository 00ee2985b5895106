package dev.forge.torture.check;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Every call ends by its deadline plus a margin, not counting stalls of the JVM. Thread-safe. */
public final class DeadlineCheck {

    static final String PROMISE = "every call ends by its deadline";

    // The promise is 50 ms; two cores that also run the servers and nine streams get twice that.
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Violations violations;
    private final Stalls stalls;
    private final Map<String, Long> latest = new TreeMap<>();

    public DeadlineCheck(Violations violations, Stalls stalls) {
        this.violations = violations;
        this.stalls = stalls;
    }

    /** Checks a call that took from {@code start} to {@code end}, on the clock of {@link System#nanoTime}. */
    public void check(String operation, long start, long end, Duration deadline) {
        long over = end - start - deadline.toNanos();
        long net = over <= 0 ? over : over - stalls.between(start, end);
        synchronized (this) {
            latest.merge(operation, net, Math::max);
        }
        if (net > MARGIN_NANOS) {
            violations.add(
                    PROMISE,
                    operation + " took " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms of " + deadline.toMillis()
                            + " ms, of which the JVM stood still for "
                            + TimeUnit.NANOSECONDS.toMillis(over - net) + " ms");
        }
    }

    /** Returns by how many milliseconds the latest call of each operation missed its deadline; negative if it did not. */
    public synchronized Map<String, Long> latestMillis() {
        Map<String, Long> millis = new TreeMap<>();
        latest.forEach((operation, nanos) -> millis.put(operation, Math.floorDiv(nanos, 1_000_000L)));
        return millis;
    }
}
