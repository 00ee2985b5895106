package dev.forge.redis.test.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The faults of one direction of a proxy. Used by the loop's thread only, except for the counter. Internal. */
public final class Faults {
    private static final int MOST_READ = 64 * 1024;
    private static final int MOST_QUEUED = 8 * 1024 * 1024;
    private static final long SECOND = 1_000_000_000;

    /** With limited bandwidth, data move in pieces of a hundredth of a second, and at most a quarter of one waits. */
    private static final int PIECES_IN_A_SECOND = 100;

    private static final int QUEUES_IN_A_SECOND = 4;

    /** The fate of one chunk. */
    public sealed interface Once {}

    /** It is not delivered, and its connection is reset. */
    public record Reset() implements Once {}

    /** Half of it is delivered, and then the end of the stream. */
    public record Truncate() implements Once {}

    /** One byte of it is inverted. */
    public record Corrupt(int position) implements Once {}

    /** It is delivered later, and so is what follows it. */
    public record Hold(long nanos) implements Once {}

    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Once> once = new ArrayDeque<>();
    private Random random = new Random(0);
    private long leastDelay;
    private long mostDelay;
    private long bandwidth;
    private long lineIsFree = System.nanoTime();
    private boolean dropping;
    private boolean stalled;

    /** Delays each chunk by a random time between {@code least} and {@code most}. */
    public void delay(Duration least, Duration most, long seed) {
        if (least.isNegative() || least.compareTo(most) > 0) {
            throw new IllegalArgumentException("delay must be from 0 to its maximum, but was " + least + " to " + most);
        }
        leastDelay = least.toNanos();
        mostDelay = most.toNanos();
        random = new Random(seed);
    }

    /** Passes at most so many bytes a second. */
    public void bandwidth(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond must be at least 1, but was " + bytesPerSecond);
        }
        bandwidth = bytesPerSecond;
    }

    /** Loses everything. */
    public void drop() {
        dropping = true;
    }

    /** Holds everything back. */
    public void stall() {
        stalled = true;
    }

    /** Adds a fault for the next chunk. */
    public void once(Once fault) {
        once.add(fault);
    }

    void heal() {
        once.clear();
        leastDelay = 0;
        mostDelay = 0;
        bandwidth = 0;
        dropping = false;
        stalled = false;
    }

    boolean isDropping() {
        return dropping;
    }

    boolean isStalled() {
        return stalled;
    }

    @Nullable
    Once pollOnce() {
        return once.poll();
    }

    int mostRead() {
        return bandwidth == 0 ? MOST_READ : (int) Math.min(MOST_READ, Math.max(1, bandwidth / PIECES_IN_A_SECOND));
    }

    int mostQueued() {
        return bandwidth == 0 ? MOST_QUEUED : (int) Math.min(MOST_QUEUED, Math.max(1, bandwidth / QUEUES_IN_A_SECOND));
    }

    /** The {@link System#nanoTime} at which a chunk that has arrived now is delivered. */
    long arrival(int length, long now) {
        long sent = now;
        if (bandwidth > 0) {
            lineIsFree = Math.max(lineIsFree, now) + length * SECOND / bandwidth;
            sent = lineIsFree;
        }
        return sent + (leastDelay == mostDelay ? leastDelay : random.nextLong(leastDelay, mostDelay + 1));
    }

    void count(int length) {
        bytes.addAndGet(length);
    }

    /** How many bytes have been read. */
    public long bytes() {
        return bytes.get();
    }
}
