package dev.forge.torture.check;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the times in which Redis keeps all data from those in which a fault takes some away.
 *
 * <p>What happened wholly within one intact epoch is checked strictly; what touched a loss is checked for what holds even
 * then. Thread-safe.
 */
public final class Epochs {

    private final AtomicInteger now = new AtomicInteger();

    /** Returns the current epoch; the intact ones are even. */
    public int now() {
        return now.get();
    }

    /** Returns whether {@code epoch} lost nothing, and is still the current one. */
    public boolean holds(int epoch) {
        return epoch % 2 == 0 && now.get() == epoch;
    }

    /** Begins or ends a loss; returns the epoch that has begun. */
    public int turn() {
        return now.incrementAndGet();
    }
}
