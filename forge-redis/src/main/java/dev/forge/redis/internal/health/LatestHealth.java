package dev.forge.redis.internal.health;

import dev.forge.redis.health.Health;
import dev.forge.redis.internal.protocol.Failures;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The health as of at most a moment ago: one probe at a time runs for all callers, and its result is kept for a second.
 *
 * <p>The second counts from the beginning of the probe. So a result is never older than a second, or than the probe
 * took.
 */
public final class LatestHealth {

    static final Duration KEPT = Duration.ofSeconds(1);

    private final Supplier<CompletableFuture<Health>> probe;
    private final LongSupplier ticker;

    // Guarded by this.
    private @Nullable CompletableFuture<Health> latest;
    private long begunAt;

    public LatestHealth(Supplier<CompletableFuture<Health>> probe, LongSupplier ticker) {
        this.probe = probe;
        this.ticker = ticker;
    }

    /** Returns the health; never fails. */
    public CompletableFuture<Health> get() {
        CompletableFuture<Health> mine;
        synchronized (this) {
            if (latest != null && (!latest.isDone() || ticker.getAsLong() - begunAt < KEPT.toNanos())) {
                // A copy, because the answer is shared and a caller may cancel what it gets.
                return latest.copy();
            }
            mine = new CompletableFuture<>();
            latest = mine;
            begunAt = ticker.getAsLong();
        }
        begin().whenComplete((health, failure) -> mine.complete(health == null ? unknown(failure) : health));
        return mine.copy();
    }

    /** Makes the next call probe again. */
    public synchronized void forget() {
        latest = null;
    }

    private CompletableFuture<Health> begin() {
        try {
            return probe.get();
        } catch (Throwable e) { // An Error too, such as for lack of threads: the next call would wait for this one for
            // ever.
            return CompletableFuture.failedFuture(e);
        }
    }

    private static Health unknown(@Nullable Throwable failure) {
        return new Health.Down(
                Health.Reason.OTHER,
                "the health of Redis could not be determined"
                        + (failure == null ? "" : ": " + Failures.describe(failure)));
    }
}
