package dev.forge.torture.check;

import java.time.Duration;

/**
 * A failing source does not affect readers while a stale value may be served, and no value is served past its stale
 * time: for one key. Times are those of {@link System#nanoTime}. Thread-safe.
 */
public final class StaleCheck {

    static final String FELT = "a failing source does not affect readers";
    static final String PAST = "no value is served past its stale time";

    private final Violations violations;
    private final String key;
    private final long lifeNanos;
    private final long marginNanos;
    private boolean known;
    private long surelyStored;
    private long goneAt = Long.MIN_VALUE / 2;

    /**
     * @param life the time after its load for which a value may be served
     * @param margin the tolerance on both sides of that
     */
    public StaleCheck(Violations violations, String key, Duration life, Duration margin) {
        this.violations = violations;
        this.key = key;
        this.lifeNanos = life.toNanos();
        this.marginNanos = margin.toNanos();
    }

    /** It is being invalidated, or was by {@code now}, or its state is unknown. */
    public synchronized void gone(long now) {
        known = false;
        goneAt = now;
    }

    /** A read that began at {@code start} returned the value whose load began at {@code loaded}. */
    public synchronized void served(long start, long loaded, boolean undisturbed) {
        if (undisturbed && start - loaded > lifeNanos + marginNanos) {
            violations.add(PAST, key + " was served " + (start - loaded) / 1_000_000 + " ms after its load began");
        }
        // What was loaded before this read began came from Redis, so it was stored.
        if (loaded - start < 0 && loaded - goneAt > 0 && (!known || loaded - surelyStored > 0)) {
            known = true;
            surelyStored = loaded;
        }
    }

    /** A read that ended at {@code end} has failed because the source had. */
    public synchronized void failed(long end, boolean undisturbed) {
        if (known && undisturbed && end - surelyStored < lifeNanos - marginNanos) {
            violations.add(
                    FELT, "a reader of " + key + " failed " + (end - surelyStored) / 1_000_000 + " ms after a load");
        }
    }
}
