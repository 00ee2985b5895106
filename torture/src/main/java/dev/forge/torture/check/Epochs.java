package dev.forge.torture.check;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the times in which Redis keeps all data from those in which a fault takes some away, or brings back what was before.
 *
 * <p>What happened wholly within one intact epoch is checked strictly; what touched a loss is checked for what holds even
 * then. Thread-safe.
 */
public final class Epochs {

    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger back = new AtomicInteger();

    /** Returns the current epoch; the intact ones are even. */
    public int now() {
        return now.get();
    }

    /** Returns whether {@code epoch} lost nothing, and is still the current one. */
    public boolean holds(int epoch) {
        return epoch % 2 == 0 && now.get() == epoch;
    }

    /** Returns how often a time has begun or ended in which Redis may go back to what it held before. */
    public int back() {
        return back.get();
    }

    /** Returns whether Redis has not gone back since {@link #back} returned this; it may have forgotten. */
    public boolean isForward(int before) {
        return before % 2 == 0 && back.get() == before;
    }

    /** Begins or ends a loss, by which Redis may go back or only forget; returns the epoch that has begun. */
    public int turn(boolean goesBack) {
        if (goesBack) {
            back.incrementAndGet();
        }
        return now.incrementAndGet();
    }
}
