package dev.forge.redis.internal;

import dev.forge.redis.internal.command.CommandDispatcher;
import dev.forge.redis.internal.thread.Scheduler;

/** Looks after what is open a few times each second, from the first use to the end. */
final class Heartbeat {

    private static final long PERIOD_MILLIS = 250;

    private final CommandDispatcher path;
    private final Scheduler scheduler;
    private volatile boolean stopped;

    Heartbeat(CommandDispatcher path, Scheduler scheduler) {
        this.path = path;
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
            path.tick();
        }
    }
}
