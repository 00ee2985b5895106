package dev.forge.redis.spring.observe;

import dev.forge.redis.observe.RedisObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times what one manager does: {@code forge.redis.command}, {@code forge.rate-limit.decisions} and {@code
 * forge.session.operations}; and observes loads, and commands if that is switched on.
 *
 * <p>A meter is looked up by maps that are already there, so that an event allocates nothing of its own.
 */
final class ManagerObserver implements RedisObserver {

    private final MeterRegistry registry;
    private final Tags manager;
    private final Observations observations;
    private final boolean observesCommands;

    private final ConcurrentMap<String, CommandTimers> commands = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ConcurrentMap<String, ConcurrentMap<String, Counter>>> decisions =
            new ConcurrentHashMap<>();
    private final ConcurrentMap<String, ConcurrentMap<String, Counter>> sessions = new ConcurrentHashMap<>();

    /** @param manager the tag of the manager, for meters of its connections */
    ManagerObserver(
            MeterRegistry registry, Tags manager, ObservationRegistry observations, ForgeObserveProperties properties) {
        this.registry = registry;
        this.manager = manager;
        this.observations = new Observations(observations);
        this.observesCommands = properties.commands() && !observations.isNoop();
    }

    @Override
    public CommandEnd commandStarted(String operation) {
        CommandTimers timers = commands.get(operation);
        if (timers == null) {
            timers = commands.computeIfAbsent(
                    operation, name -> new CommandTimers(registry, manager.and("operation", name)));
        }
        return observesCommands ? observations.command(operation, timers) : timers;
    }

    @Override
    public @Nullable LoadEnd loadStarted(String cache) {
        return observations.load(cache);
    }

    @Override
    public void rateLimited(String name, String outcome, String basis) {
        ConcurrentMap<String, Counter> counters = decisions
                .computeIfAbsent(name, limiter -> new ConcurrentHashMap<>())
                .computeIfAbsent(outcome, all -> new ConcurrentHashMap<>());
        Counter counter = counters.get(basis);
        if (counter == null) {
            counter = Counter.builder("forge.rate-limit.decisions")
                    .description("Decisions of rate limits, and what they were based on")
                    .tags("name", name, "outcome", outcome, "basis", basis)
                    .register(registry);
            counters.put(basis, counter);
        }
        counter.increment();
    }

    @Override
    public void sessionUsed(String operation, String outcome) {
        ConcurrentMap<String, Counter> counters = sessions.computeIfAbsent(operation, all -> new ConcurrentHashMap<>());
        Counter counter = counters.get(outcome);
        if (counter == null) {
            counter = Counter.builder("forge.session.operations")
                    .description("Operations on sessions")
                    .tags("operation", operation, "outcome", outcome)
                    .register(registry);
            counters.put(outcome, counter);
        }
        counter.increment();
    }
}
