package dev.forge.redis.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The versions of one key as known to its only writer: when each was certainly out of date, by {@link
 * System#nanoTime()}. The versions are 1, 2, 3 and so on.
 */
final class Versions {

    static final int MOST = 200_000;

    private final AtomicLongArray supersededAt = new AtomicLongArray(MOST);

    private volatile int started;
    private volatile int acknowledged;
    private volatile long thereSince;
    private volatile int wipes;

    // Confined to the writer.
    private int wipesAtStart;

    /** Begins a write; returns the version to write. */
    int begin() {
        wipesAtStart = wipes;
        int version = started + 1;
        started = version;
        return version;
    }

    /** Records that Redis has acknowledged the latest write. */
    synchronized void end() {
        long now = System.nanoTime();
        supersede(started - 1, now);
        acknowledged = started;
        if (thereSince == 0 && wipesAtStart == wipes && wipes % 2 == 0) {
            thereSince = now;
        }
    }

    /** Records that the removal of everything in Redis begins. */
    synchronized void wipe() {
        wipes++;
        thereSince = 0;
    }

    /** Records that every version acknowledged before {@link #wipe} is gone. */
    synchronized void wiped(int acknowledgedBefore) {
        supersede(acknowledgedBefore, System.nanoTime());
        wipes++;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Returns a counter that grows by two with each removal of everything, and is odd during one. */
    int wipes() {
        return wipes;
    }

    /** Returns since when some version has certainly existed, or 0. */
    long thereSince() {
        return thereSince;
    }

    boolean hasStarted(int version) {
        return version <= started;
    }

    /** Returns when {@code version} was certainly out of date, or 0 if it may be the newest. */
    long supersededAt(int version) {
        return supersededAt.get(version);
    }

    private void supersede(int last, long now) {
        for (int version = last; version > 0 && supersededAt.compareAndSet(version, 0, now); version--) {
            // Stops at a version that is superseded already: all older ones are as well.
        }
    }
}
