package dev.forge.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures time without that for which this JVM stood still, for a garbage collection or for lack of a processor.
 *
 * <p>A thread wakes every few milliseconds; while it is late, so is every other. Thread-safe.
 */
public final class Stalls implements AutoCloseable {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long WORTH_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private record Stall(long from, long to) {}

    private final List<Stall> stalls = new ArrayList<>();
    private long ticked = System.nanoTime();
    private volatile boolean closed;

    /** Starts to watch. */
    public Stalls() {
        Thread watcher = new Thread(this::watch, "stalls");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Returns for how long this JVM ran since {@code start}, a time of {@link System#nanoTime}. */
    public Duration ranSince(long start) {
        long now = System.nanoTime();
        return Duration.ofNanos(now - start - stoodStill(start, now));
    }

    private synchronized long stoodStill(long from, long to) {
        // The thread that asks may be the first to run again.
        tick(to);
        return stalls.stream()
                .mapToLong(stall -> Math.max(0, stall.to - Math.max(from, stall.from)))
                .sum();
    }

    private synchronized void tick(long now) {
        if (now - ticked - TICK_NANOS > WORTH_NANOS) {
            stalls.add(new Stall(ticked + TICK_NANOS, now));
        }
        ticked = Math.max(ticked, now);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(TICK_NANOS);
            tick(System.nanoTime());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
