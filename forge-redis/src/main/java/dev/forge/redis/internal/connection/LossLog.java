package dev.forge.redis.internal.connection;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says which losses of one connection are logged: the first {@value #MOST} of a minute. One that the server closes again
 * and again, for example because of its limits on clients, would fill the log with two lines for each.
 *
 * <p>Not thread-safe.
 */
final class LossLog {

    static final int MOST = 5;

    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier ticker;

    private int losses;
    private long since;

    LossLog(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Records a loss; returns its number within a minute. */
    int lost() {
        long now = ticker.getAsLong();
        if (losses == 0 || now - since >= PERIOD_NANOS) {
            losses = 0;
            since = now;
        }
        return ++losses;
    }
}
