package dev.forge.redis.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Logs once that something has stopped working, and once that it works again.
 *
 * <p>It works again when a second has passed without a failure. While some calls fail and some do not, because one of
 * several connections is dead or a server only refuses writes, nothing more is logged. If it fails again within a minute,
 * as with a server that is slow now and then, it has to work for twice as long before that is logged, up to a minute.
 *
 * <p>Thread-safe.
 */
public final class OutageLog {

    private static final long SHORTEST_QUIET_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long failedAt;
    private volatile long workedAt;
    private volatile long quietNanos = SHORTEST_QUIET_NANOS;

    /** Creates a log for something that works. */
    public OutageLog() {
        this(System::nanoTime);
    }

    OutageLog(LongSupplier ticker) {
        this.ticker = requireNonNull(ticker, "ticker");
        this.workedAt = ticker.getAsLong() - LONGEST_QUIET_NANOS;
    }

    /** Notes that a call failed; runs {@code report} if an outage begins with it. */
    public void failed(Runnable report) {
        long now = ticker.getAsLong();
        failedAt = now;
        if (!failing.get() && failing.compareAndSet(false, true)) {
            quietNanos = now - workedAt < LONGEST_QUIET_NANOS
                    ? Math.min(2 * quietNanos, LONGEST_QUIET_NANOS)
                    : SHORTEST_QUIET_NANOS;
            report.run();
        }
    }

    /** Notes that a call worked; runs {@code report} if an outage ends with it. Costs one read while all is well. */
    public void worked(Runnable report) {
        if (failing.get() && ticker.getAsLong() - failedAt >= quietNanos && failing.compareAndSet(true, false)) {
            workedAt = ticker.getAsLong();
            report.run();
        }
    }
}
