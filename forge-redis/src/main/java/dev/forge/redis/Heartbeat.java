package dev.forge.redis;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks after the connections of a route a few times each second, from the first use to the end. */
final class Heartbeat {

    private static final long PERIOD_MILLIS = 250;

    private final Route route;
    private final ScheduledExecutorService executor;
    private volatile boolean stopped;

    Heartbeat(Route route, ScheduledExecutorService executor) {
        this.route = route;
        this.executor = executor;
    }

    void start() {
        schedule();
    }

    void stop() {
        stopped = true;
    }

    private void beat() {
        if (stopped) {
            return;
        }
        try {
            route.tick();
        } finally {
            schedule();
        }
    }

    private void schedule() {
        try {
            executor.schedule(this::beat, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            stopped = true;
        }
    }
}
