package dev.forge.torture.load;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.torture.check.Outcome;
import dev.forge.torture.check.Outcomes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls of one stream: each is timed, counted, and checked for the promises of every call. */
final class Calls {

    /** The longest call without a fault, although two cores run all streams and the servers. */
    private static final Duration PROMPT = Duration.ofSeconds(1);

    private final Ground ground;
    private final String stream;
    private final Outcomes outcomes;
    private final Duration prompt;
    private final Duration lostLease;

    Calls(Ground ground, String stream) {
        this(ground, stream, PROMPT);
    }

    /** @param prompt the longest that a call may take without a fault */
    Calls(Ground ground, String stream, Duration prompt) {
        this(ground, stream, prompt, Duration.ZERO);
    }

    private Calls(Ground ground, String stream, Duration prompt, Duration lostLease) {
        this.ground = ground;
        this.stream = stream;
        this.outcomes = new Outcomes(stream, ground.violations(), ground.secrets());
        this.prompt = prompt;
        this.lostLease = lostLease;
    }

    /** Calls that wait for the leases of others: each fault that begins meanwhile may lose the end of one more. */
    static Calls ofLookups(Ground ground, String stream) {
        return new Calls(ground, stream, PROMPT, Profiles.LOST_LEASE);
    }

    /** Begins an async call; {@code done} gets its outcome, and its result if there is one. */
    <T> CompletableFuture<T> begin(
            Duration deadline, Supplier<CompletableFuture<T>> call, BiConsumer<Outcome, @Nullable T> done) {
        int faults = ground.calm().faults();
        long start = System.nanoTime();
        ground.underWay().incrementAndGet();
        CompletableFuture<T> future = call.get();
        future.whenComplete((result, thrown) -> {
            try {
                done.accept(ended(start, faults, deadline, thrown), result);
            } catch (RuntimeException e) {
                ground.violations().add("the harness works", stream + ": " + e);
            } finally {
                ground.underWay().decrementAndGet();
            }
        });
        return future;
    }

    /** Runs a blocking call; returns its result, or null if it failed. */
    <T> @Nullable T run(Duration deadline, Supplier<T> call) {
        return run(deadline, call, outcome -> {});
    }

    /** Runs a blocking call, and passes its outcome to {@code done}; returns its result, or null if it failed. */
    <T> @Nullable T run(Duration deadline, Supplier<T> call, Consumer<Outcome> done) {
        int faults = ground.calm().faults();
        long start = System.nanoTime();
        try {
            T result = call.get();
            done.accept(ended(start, faults, deadline, null));
            return result;
        } catch (RedisFailure e) {
            done.accept(ended(start, faults, deadline, e));
            return null;
        }
    }

    Map<String, Long> counts() {
        return outcomes.counts();
    }

    private Outcome ended(long start, int faults, Duration deadline, @Nullable Throwable thrown) {
        long end = System.nanoTime();
        Duration leases = lostLease.multipliedBy(ground.calm().faults() - faults);
        ground.deadlines().check(stream, start, end, deadline.plus(leases));
        ground.calm().ended(stream, start, end, prompt);
        Outcome outcome = outcomes.count(thrown);
        if (thrown != null && outcome != Outcome.CANCELLED) {
            ground.calm().failed(stream, start, String.valueOf(thrown.getMessage()));
        }
        return outcome;
    }
}
