package dev.forge.torture.check;

import java.util.Arrays;

/**
 * Invalidation wins: once an invalidation was acknowledged, nobody is given an older version. Thread-safe.
 */
public final class FreshnessCheck {

    static final String PROMISE = "invalidation wins";

    private final Violations violations;
    private final long[] source;
    private final long[] newest;
    private final long[] newestAt;
    private final long[] before;

    /** @param keys how many keys there are, all of version 0 */
    public FreshnessCheck(Violations violations, int keys) {
        this.violations = violations;
        this.source = new long[keys];
        this.newest = new long[keys];
        this.newestAt = new long[keys];
        this.before = new long[keys];
    }

    /** Returns the version at the source of the values. */
    public synchronized long source(int key) {
        return source[key];
    }

    /** Makes a new version at the source; returns it. */
    public synchronized long change(int key) {
        return ++source[key];
    }

    /** Notes that everything older than {@code version} was invalidated, and that this was acknowledged by {@code now}. */
    public synchronized void invalidated(int key, long version, long now) {
        if (version > newest[key]) {
            before[key] = newest[key];
            newest[key] = version;
            newestAt[key] = now;
        }
    }

    /** Redis may have forgotten invalidations that it acknowledged. */
    public synchronized void forgotten() {
        Arrays.fill(newest, 0);
        Arrays.fill(before, 0);
    }

    /** Returns the oldest version that a read which begins now may return, if it may lag by {@code lagNanos}. */
    public synchronized long oldest(int key, long now, long lagNanos) {
        return newestAt[key] - (now - lagNanos) <= 0 ? newest[key] : Math.min(before[key], newest[key]);
    }

    /** Checks what a read returned. */
    public void read(String reader, int key, long version, long oldest) {
        if (version < oldest) {
            violations.add(
                    PROMISE,
                    reader + " read version " + version + " of key " + key + " after " + oldest + " was acknowledged");
        } else if (version > source(key)) {
            violations.add(PROMISE, reader + " read version " + version + " of key " + key + ", which there never was");
        }
    }
}
