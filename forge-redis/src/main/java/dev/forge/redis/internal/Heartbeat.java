package dev.forge.redis.internal;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.thread.Scheduler;

/** Checks deadlines and connections every {@value #PERIOD_MILLIS} ms, from the first use until the manager closes. */
final class Heartbeat {

    private static final long PERIOD_MILLIS = 250;

    private final CommandDispatcher dispatcher;
    private final Scheduler scheduler;
    private volatile boolean stopped;

    Heartbeat(CommandDispatcher dispatcher, Scheduler scheduler) {
        this.dispatcher = dispatcher;
        this.scheduler = scheduler;
    }

    void start() {
        scheduler.every(PERIOD_MILLIS, this::beat);
    }

    void stop() {
        stopped = true;
    }

    private void beat() {
        if (!stopped) {
            dispatcher.tick();
        }
    }
}
