package dev.forge.torture.check;

import java.util.concurrent.TimeUnit;

/** Without a fault no call fails: from two seconds after the last fault to the next. Thread-safe. */
public final class Calm {

    static final String PROMISE = "no failure without a fault";

    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NEVER = Long.MIN_VALUE;

    private final Violations violations;
    private volatile long since = NEVER;

    public Calm(Violations violations) {
        this.violations = violations;
    }

    /** A fault begins. */
    public void end() {
        since = NEVER;
    }

    /** The last fault is over. */
    public void begin(long now) {
        since = now;
    }

    /** Checks a call that began at {@code start} and has failed. */
    public void failed(String operation, long start, String how) {
        long now = since;
        if (now != NEVER && start - now > SETTLED_NANOS) {
            violations.add(PROMISE, operation + " failed: " + how);
        }
    }
}
