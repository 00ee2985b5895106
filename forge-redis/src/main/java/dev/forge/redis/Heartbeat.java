package dev.forge.redis;

import java.util.concurrent.RejectedExecutionException;

/** Looks after the connections of a route a few times each second, from the first use to the end. */
final class Heartbeat {

    private static final long PERIOD_MILLIS = 250;

    private final Route route;
    private final Housekeeping housekeeping;
    private volatile boolean stopped;

    Heartbeat(Route route, Housekeeping housekeeping) {
        this.route = route;
        this.housekeeping = housekeeping;
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
            housekeeping.schedule(this::beat, PERIOD_MILLIS);
        } catch (RejectedExecutionException e) {
            stopped = true;
        }
    }
}
