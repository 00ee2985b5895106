package dev.forge.torture.check;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Without a fault no call fails, and none waits long: from two seconds after the last fault to the next. Thread-safe.
 */
public final class Calm {

    static final String PROMISE = "no failure without a fault";
    static final String PROMPT = "no waiting on a healthy server";

    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NEVER = Long.MIN_VALUE;

    private final Violations violations;
    private final Stalls stalls;
    private final AtomicInteger faults = new AtomicInteger();
    private volatile long since = NEVER;

    public Calm(Violations violations, Stalls stalls) {
        this.violations = violations;
        this.stalls = stalls;
    }

    /** A fault begins. */
    public void end() {
        faults.incrementAndGet();
        since = NEVER;
    }

    /** Returns how many faults have begun. */
    public int faults() {
        return faults.get();
    }

    /** The last fault is over. */
    public void begin(long now) {
        since = now;
    }

    /** Returns whether there has been no fault since {@code start}, nor within two seconds before. */
    public boolean holds(long start) {
        long now = since;
        return now != NEVER && start - now > SETTLED_NANOS;
    }

    /** Checks a call that began at {@code start} and has failed. */
    public void failed(String operation, long start, String how) {
        if (holds(start)) {
            violations.add(PROMISE, operation + " failed: " + how);
        }
    }

    /** Checks how long a call took, not counting stalls of the JVM. */
    public void ended(String operation, long start, long end, Duration bound) {
        long over = end - start - bound.toNanos();
        if (over > 0 && holds(start) && over > stalls.between(start, end)) {
            violations.add(
                    PROMPT,
                    operation + " took " + TimeUnit.NANOSECONDS.toMillis(end - start) + " ms, more than "
                            + bound.toMillis() + " ms, although nothing was wrong");
        }
    }
}
