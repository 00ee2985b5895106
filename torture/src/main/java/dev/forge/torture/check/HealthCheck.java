package dev.forge.torture.check;

import dev.forge.redis.health.Health;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The health follows a known change within two seconds, and then reports nothing else. Thread-safe. */
public final class HealthCheck {

    static final String PROMISE = "the health tells the truth within two seconds";

    /** Redis is healthy. */
    public static final Set<String> UP = Set.of("Up");

    /** The state is unknown, so that every answer is right. */
    public static final Set<String> ANYTHING = Set.of();

    private static final long FLIP_NANOS = TimeUnit.MILLISECONDS.toNanos(2_050);

    private final Violations violations;
    private final Stalls stalls;
    private Set<String> expected = ANYTHING;
    private long since;

    public HealthCheck(Violations violations, Stalls stalls) {
        this.violations = violations;
        this.stalls = stalls;
    }

    /**
     * Sets what is right from {@code now} on: {@code Up}, {@code ReadOnly/REASON}, {@code Down/REASON}, or {@code Down}
     * for any reason.
     */
    public synchronized void expect(Set<String> right, long now) {
        expected = right;
        since = now;
    }

    /** Checks an answer that came at {@code now}. */
    public synchronized void observe(Health health, long now) {
        String said = words(health);
        boolean settled = now - since - stalls.between(since, now) > FLIP_NANOS;
        if (settled && !expected.isEmpty() && !expected.contains(said) && !expected.contains(kind(health))) {
            violations.add(
                    PROMISE,
                    said + " " + TimeUnit.NANOSECONDS.toMillis(now - since) + " ms after it became " + expected);
        }
    }

    /** Returns a health in the notation of {@link #expect}. */
    public static String words(Health health) {
        if (health instanceof Health.ReadOnly readOnly) {
            return "ReadOnly/" + readOnly.reason();
        }
        return health instanceof Health.Down down ? "Down/" + down.reason() : "Up";
    }

    private static String kind(Health health) {
        return health.getClass().getSimpleName();
    }
}
