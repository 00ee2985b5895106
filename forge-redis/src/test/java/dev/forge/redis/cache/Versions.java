package dev.forge.redis.cache;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the writer of one key knows, by the clock of {@link System#nanoTime()}: when each version was first out of date for
 * certain. There is one writer, and its versions are 1, 2, 3 and so on.
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

    /** Returns the version to write next, whose write begins now. */
    int begin() {
        wipesAtStart = wipes;
        int version = started + 1;
        started = version;
        return version;
    }

    /** The write that was begun last has been acknowledged. */
    synchronized void end() {
        long now = System.nanoTime();
        supersede(started - 1, now);
        acknowledged = started;
        if (thereSince == 0 && wipesAtStart == wipes && wipes % 2 == 0) {
            thereSince = now;
        }
    }

    /** Everything in Redis is being removed. */
    synchronized void wipe() {
        wipes++;
        thereSince = 0;
    }

    /** Everything that was acknowledged before {@link #wipe} is gone. */
    synchronized void wiped(int acknowledgedBefore) {
        supersede(acknowledgedBefore, System.nanoTime());
        wipes++;
    }

    int acknowledged() {
        return acknowledged;
    }

    /** Returns how many times everything has been removed, twice; odd while it is being. */
    int wipes() {
        return wipes;
    }

    /** Returns since when some version has been there for certain, or 0. */
    long thereSince() {
        return thereSince;
    }

    boolean hasStarted(int version) {
        return version <= started;
    }

    /** Returns when {@code version} was first out of date for certain, or 0 if it may be the newest. */
    long supersededAt(int version) {
        return supersededAt.get(version);
    }

    private void supersede(int last, long now) {
        for (int version = last; version > 0 && supersededAt.compareAndSet(version, 0, now); version--) {
            // The ones before are done with, since they were superseded in order.
        }
    }
}
