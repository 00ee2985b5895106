package dev.forge.redis.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Logs once that something has stopped working, and once that it works again.
 *
 * <p>It works again when a second has passed without a failure. While some calls fail and some do not, because one of
 * several connections is dead or a server only refuses writes, nothing more is logged.
 *
 * <p>Thread-safe.
 */
public final class OutageLog {

    private static final long QUIET_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier ticker;
    private final AtomicBoolean failing = new AtomicBoolean();
    private volatile long failedAt;

    /** Creates a log for something that works. */
    public OutageLog() {
        this(System::nanoTime);
    }

    OutageLog(LongSupplier ticker) {
        this.ticker = requireNonNull(ticker, "ticker");
    }

    /** Notes that a call failed; runs {@code report} if an outage begins with it. */
    public void failed(Runnable report) {
        failedAt = ticker.getAsLong();
        if (!failing.get() && failing.compareAndSet(false, true)) {
            report.run();
        }
    }

    /** Notes that a call worked; runs {@code report} if an outage ends with it. Costs one read while all is well. */
    public void worked(Runnable report) {
        if (failing.get() && ticker.getAsLong() - failedAt >= QUIET_NANOS && failing.compareAndSet(true, false)) {
            report.run();
        }
    }
}
