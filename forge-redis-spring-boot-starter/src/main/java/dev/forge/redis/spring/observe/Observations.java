package dev.forge.redis.spring.observe;

import dev.forge.redis.observe.CommandOutcome;
import dev.forge.redis.observe.RedisObserver.CommandEnd;
import dev.forge.redis.observe.RedisObserver.LoadEnd;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Loads and commands as Micrometer observations, which become spans in a trace. They never hold a key. */
record Observations(ObservationRegistry registry) {

    private static final String LOAD = "forge.cache.loader";
    private static final String COMMAND = "forge.redis.call";

    /**
     * Starts the observation of a loader on this thread, so that what the loader observes is part of it; null if that is
     * switched off.
     */
    @Nullable
    LoadEnd load(String cache) {
        Observation load = Observation.createNotStarted(LOAD, registry)
                .contextualName("load " + cache)
                .lowCardinalityKeyValue("cache", cache);
        if (load.isNoop()) {
            return null;
        }
        Observation.Scope scope = load.start().openScope();
        return failure -> {
            scope.close();
            if (failure != null) {
                load.error(failure);
            }
            load.stop();
        };
    }

    /** Starts the observation of a command, as a part of what this thread observes; {@code timers} end with it. */
    CommandEnd command(String operation, CommandEnd timers) {
        Observation command = Observation.createNotStarted(COMMAND, registry)
                .contextualName("redis " + operation)
                .lowCardinalityKeyValue("operation", operation)
                .start();
        return (outcome, nanos) -> {
            timers.ended(outcome, nanos);
            if (outcome == CommandOutcome.HIT || outcome == CommandOutcome.MISS) {
                // For traces only: a meter must have the same tags for every operation.
                command.highCardinalityKeyValue("result", outcome.name().toLowerCase(Locale.ROOT));
            }
            command.lowCardinalityKeyValue("outcome", CommandTimers.name(outcome))
                    .stop();
        };
    }
}
