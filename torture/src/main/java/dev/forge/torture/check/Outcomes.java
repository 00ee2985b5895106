package dev.forge.torture.check;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisOutcomeUnknownException;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RedisUnavailableException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts how the calls of one stream ended; every failure must be a typed one. Thread-safe. */
public final class Outcomes {

    static final String PROMISE = "every failure is typed";

    private final String stream;
    private final Violations violations;
    private final Secrets secrets;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    public Outcomes(String stream, Violations violations, Secrets secrets) {
        this.stream = stream;
        this.violations = violations;
        this.secrets = secrets;
    }

    /** Counts a call that ended with {@code thrown}, or with an answer if that is null. */
    public Outcome count(@Nullable Throwable thrown) {
        if (thrown == null) {
            return counted(Outcome.OK, "ok");
        }
        secrets.look("an exception of " + stream, thrown);
        RedisFailure failure = RedisFailure.in(thrown).orElse(null);
        if (failure instanceof RedisRefusedException refused) {
            return counted(Outcome.REFUSED, "refused " + refused.reason());
        }
        if (failure instanceof RedisUnavailableException) {
            return counted(Outcome.NEVER_SENT, "never sent");
        }
        if (failure instanceof RedisOutcomeUnknownException) {
            return counted(Outcome.UNKNOWN, "unknown");
        }
        if (thrown instanceof CancellationException) {
            return counted(Outcome.CANCELLED, "cancelled");
        }
        violations.add(PROMISE, stream + " failed with " + thrown);
        return counted(Outcome.OTHER, "other");
    }

    /** Returns the number of calls by outcome. */
    public Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    private Outcome counted(Outcome outcome, String name) {
        counts.computeIfAbsent(name, any -> new LongAdder()).increment();
        return outcome;
    }
}
