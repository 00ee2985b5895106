package dev.forge.redis.spring.observe;

import dev.forge.redis.observe.CommandOutcome;
import dev.forge.redis.observe.RedisObserver.CommandEnd;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * The timers of one operation, by its outcome; one object for all of its commands, so that a command allocates none.
 */
final class CommandTimers implements CommandEnd {

    private final MeterRegistry registry;
    private final Tags tags;
    private final ConcurrentMap<CommandOutcome, Timer> timers = new ConcurrentHashMap<>();

    /** @param tags those of the manager and the operation */
    CommandTimers(MeterRegistry registry, Tags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    @Override
    public void ended(CommandOutcome outcome, long nanos) {
        Timer timer = timers.get(outcome);
        if (timer == null) {
            timer = Timer.builder("forge.redis.command")
                    .description("Commands of Redis, from the call to the end")
                    .tags(tags)
                    .tag("outcome", name(outcome))
                    .register(registry);
            timers.put(outcome, timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Returns the tag of {@code outcome}; whether a GET found a value is not an outcome of its own. */
    static String name(CommandOutcome outcome) {
        return outcome.isSuccess() ? "success" : outcome.name().toLowerCase(Locale.ROOT);
    }
}
