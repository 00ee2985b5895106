package dev.forge.redis;

import java.util.concurrent.RejectedExecutionException;

/** Looks after the connections of a route a few times each second, from the first use to the end. */
final class Heartbeat {

    private static final long PERIOD_MILLIS = 250;

    private final Route route;
    private final Scheduler scheduler;
    private volatile boolean stopped;

    Heartbeat(Route route, Scheduler scheduler) {
        this.route = route;
        this.scheduler = scheduler;
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
            scheduler.schedule(this::beat, PERIOD_MILLIS);
        } catch (RejectedExecutionException e) {
            stopped = true;
        }
    }
}
