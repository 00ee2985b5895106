package dev.forge.redis.spring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets actors run one at a time, from one {@link #point} to the next, in an order that a seed decides.
 *
 * <p>An actor that reaches no point for a while is blocked by another, for example by a lock of the database; the others go on.
 */
final class Steps {

    private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();
    private static final long BLOCKED_MILLIS = 25;

    private final Random random;
    private final ExecutorService threads;

    // Guarded by this.
    private final List<Actor> waiting = new ArrayList<>();
    private final List<Actor> running = new ArrayList<>();
    private int unfinished;

    Steps(Random random, ExecutorService threads) {
        this.random = random;
        this.threads = threads;
    }

    private record Actor(Steps steps, Semaphore turn) {}

    /** Waits for the next turn of the actor on this thread; returns at once on any other thread. */
    static void point() {
        Actor actor = CURRENT.get();
        if (actor != null) {
            actor.steps().pause(actor);
        }
    }

    private void pause(Actor actor) {
        synchronized (this) {
            running.remove(actor);
            waiting.add(actor);
            notifyAll();
        }
        actor.turn().acquireUninterruptibly();
    }

    /** Runs {@code actors} until all have ended. What they throw is lost. */
    synchronized void run(List<Runnable> actors) throws InterruptedException {
        unfinished = actors.size();
        for (Runnable each : actors) {
            Actor actor = new Actor(this, new Semaphore(0));
            running.add(actor);
            threads.execute(() -> {
                CURRENT.set(actor);
                try {
                    point();
                    each.run();
                } finally {
                    CURRENT.remove();
                    ended(actor);
                }
            });
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (unfinished > 0) {
            awaitPause();
            if (!waiting.isEmpty()) {
                Actor next = waiting.remove(random.nextInt(waiting.size()));
                running.add(next);
                next.turn().release();
            } else if (unfinished > 0) {
                wait(BLOCKED_MILLIS);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the actors do not end");
            }
        }
    }

    private synchronized void ended(Actor actor) {
        running.remove(actor);
        unfinished--;
        notifyAll();
    }

    /** Waits until every actor is at a point, or blocked. */
    private void awaitPause() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS);
        long left = BLOCKED_MILLIS;
        while (!running.isEmpty() && left > 0) {
            wait(left);
            left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
        // What is still running is blocked, and no longer waited for.
        running.clear();
    }
}
