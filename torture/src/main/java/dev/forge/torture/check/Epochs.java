package dev.forge.torture.check;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Separates times in which Redis keeps all data from those in which a fault loses some, or restores an older state.
 *
 * <p>Calls within one intact epoch are checked strictly; calls that overlap a loss, only for the promises that still
 * hold. Thread-safe.
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

    /** Returns how many times a period in which Redis may return to an older state has begun or ended. */
    public int back() {
        return back.get();
    }

    /** Returns whether Redis has not returned to an older state since {@link #back} returned {@code before}. */
    public boolean isForward(int before) {
        return before % 2 == 0 && back.get() == before;
    }

    /** Begins or ends a loss, in which Redis may return to an older state or lose data; returns the new epoch. */
    public int turn(boolean goesBack) {
        if (goesBack) {
            back.incrementAndGet();
        }
        return now.incrementAndGet();
    }
}
