package dev.forge.torture.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Records when this JVM stood still, for a garbage collection or for lack of a processor.
 *
 * <p>A thread wakes every few milliseconds; if it wakes late, so does every other. Thread-safe.
 */
public final class Stalls implements AutoCloseable {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MOST_KEPT = 5_000;

    private record Stall(long from, long to) {}

    private final Deque<Stall> stalls = new ArrayDeque<>();
    private final Thread watcher = new Thread(this::watch, "torture-stalls");
    private volatile boolean closed;
    private long longest;

    /** Starts to watch. */
    public void start() {
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Records that nothing ran between the two times of {@link System#nanoTime}. */
    public synchronized void add(long from, long to) {
        stalls.addLast(new Stall(from, to));
        longest = Math.max(longest, to - from);
        if (stalls.size() > MOST_KEPT) {
            stalls.removeFirst();
        }
    }

    /** Returns for how long nothing ran between the two times. */
    public synchronized long between(long from, long to) {
        long sum = 0;
        for (Iterator<Stall> newest = stalls.descendingIterator(); newest.hasNext(); ) {
            Stall stall = newest.next();
            if (stall.to - from <= 0) {
                break;
            }
            sum += Math.max(0, Math.min(to, stall.to) - Math.max(from, stall.from));
        }
        return sum;
    }

    /** Returns the longest, in milliseconds. */
    public synchronized long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    @Override
    public void close() {
        closed = true;
    }

    private void watch() {
        long before = System.nanoTime();
        while (!closed) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            if (now - before - TICK_NANOS > WORTH_NANOS) {
                add(before + TICK_NANOS, now);
            }
            before = now;
        }
    }
}
