package dev.forge.redis.internal.thread;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that wait for a reply at the same time.
 *
 * <p>Sleeping and being woken costs a thread several times as much as the rest of a call. So in a crowd a thread first lets
 * the others run a few times ({@link Thread#yield}): its reply is often there before it sleeps. For a while, threads sleep
 * at once where such a turn takes longer than calls of the others do, because other work needs the processors; and where
 * the reply is seldom there in time, because the server or the network takes longer. Virtual threads always sleep at once:
 * the system has no part in it.
 *
 * <p>Thread-safe.
 */
public final class Crowd {

    // How many others have to wait. With fewer, few replies come in time.
    private static final int FEW = 5;
    private static final int MANY = 16;
    private static final int MOST_TURNS = 8;

    // How many waits in vain may be left when each one in time has made up for one of them. With many others it makes
    // up for more: turns then pay even if most replies come later, because the calls of all share writes.
    private static final int MOST_IN_VAIN = 300;
    private static final int WORTH_WITH_MANY = 9;

    // For each thread of the crowd. A thread that has other work keeps its processor for milliseconds.
    private static final long LONG_TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(40);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WEIGHT = 16;

    private final AtomicInteger waiting = new AtomicInteger();

    private volatile long pausedAt = System.nanoTime() - PAUSE_NANOS;

    // The moving average of a turn, for each thread of the crowd. Threads may lose one another's updates, which does
    // not matter.
    private volatile long turnNanos;

    // How many waits in vain are left. Updates may be lost here too.
    private volatile int inVain;

    /** Returns how many threads wait for a reply that has not come. */
    public int waiting() {
        return waiting.get();
    }

    /** Returns the outcome of {@code future} as its {@code get} does. */
    public <T> T get(Future<T> future) throws InterruptedException, ExecutionException {
        if (future.isDone()) {
            return future.get();
        }
        int others = waiting.getAndIncrement();
        try {
            if (others >= FEW && !WaitingThread.isVirtual()) {
                letRun(others, future);
            }
            return future.get();
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void letRun(int others, Future<?> future) {
        long now = System.nanoTime();
        if (now - pausedAt >= PAUSE_NANOS) {
            takeTurns(others, future, now);
            count(future.isDone(), others);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // it only decides whether this thread sleeps
    private void takeTurns(int others, Future<?> future, long start) {
        long before = start;
        for (int turn = 0; turn < MOST_TURNS && !future.isDone() && before - pausedAt >= PAUSE_NANOS; turn++) {
            Thread.yield();
            long now = System.nanoTime();
            took((now - before) / others, now);
            before = now;
        }
    }

    private void count(boolean inTime, int others) {
        int before = inVain;
        int now = inTime ? Math.max(0, before - (others < MANY ? 1 : WORTH_WITH_MANY)) : before + 1;
        if (now > MOST_IN_VAIN) {
            now = 0;
            pausedAt = System.nanoTime();
        }
        // Writing costs the others a cache miss.
        if (now != before) {
            inVain = now;
        }
    }

    private void took(long nanos, long now) {
        long before = turnNanos;
        long average = before + (nanos - before) / WEIGHT;
        if (average > LONG_TURN_NANOS) {
            average = LONG_TURN_NANOS / 2;
            pausedAt = now;
        }
        turnNanos = average;
    }
}
