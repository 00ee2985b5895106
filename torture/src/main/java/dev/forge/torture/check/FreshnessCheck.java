package dev.forge.torture.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Invalidation wins: once an invalidation was acknowledged, no reader gets an older version. Thread-safe.
 */
public final class FreshnessCheck {

    static final String PROMISE = "invalidation wins";

    /** No reader may lag by more. */
    private static final long MOST_LAG_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Violations violations;
    private final long[] source;
    private final List<Deque<Acknowledged>> history = new ArrayList<>();

    /** Everything older than {@code version} was invalidated by {@code at}. */
    private record Acknowledged(long version, long at) {}

    /** @param keys how many keys there are, all of version 0 */
    public FreshnessCheck(Violations violations, int keys) {
        this.violations = violations;
        this.source = new long[keys];
        for (int i = 0; i < keys; i++) {
            history.add(new ArrayDeque<>());
        }
    }

    /** Returns the version at the source of the values. */
    public synchronized long source(int key) {
        return source[key];
    }

    /** Makes a new version at the source; returns it. */
    public synchronized long change(int key) {
        return ++source[key];
    }

    /** Records that an invalidation of everything older than {@code version} was acknowledged by {@code now}. */
    public synchronized void invalidated(int key, long version, long now) {
        Deque<Acknowledged> newestFirst = history.get(key);
        if (!newestFirst.isEmpty() && newestFirst.peek().version() >= version) {
            return;
        }
        // Of the invalidations that no reader may lag behind any more, only the last is needed.
        long horizon = oldest(key, now, MOST_LAG_NANOS);
        while (!newestFirst.isEmpty() && newestFirst.peekLast().version() < horizon) {
            newestFirst.removeLast();
        }
        newestFirst.push(new Acknowledged(version, now));
    }

    /** Redis may have forgotten invalidations that it acknowledged. */
    public synchronized void forgotten() {
        history.forEach(Deque::clear);
    }

    /** Returns the oldest version that a read which begins now may return, if it may lag by {@code lagNanos}. */
    public synchronized long oldest(int key, long now, long lagNanos) {
        for (Acknowledged one : history.get(key)) {
            if (one.at() - (now - lagNanos) <= 0) {
                return one.version();
            }
        }
        return 0;
    }

    /** Checks what a read returned. */
    public void read(String reader, int key, long version, long oldest) {
        if (version < oldest) {
            violations.add(
                    PROMISE,
                    reader + " read version " + version + " of key " + key + " after " + oldest + " was acknowledged");
        } else if (version > source(key)) {
            violations.add(PROMISE, reader + " read version " + version + " of key " + key + ", which never existed");
        }
    }
}
