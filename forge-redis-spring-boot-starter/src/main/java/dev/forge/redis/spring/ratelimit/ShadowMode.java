package dev.forge.redis.spring.ratelimit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a limit in shadow mode would have done: a count of each answer, and one line a minute about refusals.
 *
 * <p>Thread-safe.
 */
final class ShadowMode {

    private static final Logger LOG = LoggerFactory.getLogger(ShadowMode.class);
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final String name;
    private final LongSupplier ticker;
    private final LongAdder allowed = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final AtomicLong unreported = new AtomicLong();
    private final AtomicLong nextReport;

    ShadowMode(String name, LongSupplier ticker) {
        this.name = name;
        this.ticker = ticker;
        this.nextReport = new AtomicLong(ticker.getAsLong());
    }

    String name() {
        return name;
    }

    long allowed() {
        return allowed.sum();
    }

    long denied() {
        return denied.sum();
    }

    void decided(boolean isAllowed) {
        if (isAllowed) {
            allowed.increment();
            return;
        }
        denied.increment();
        unreported.incrementAndGet();
        long now = ticker.getAsLong();
        long due = nextReport.get();
        if (now - due >= 0 && nextReport.compareAndSet(due, now + PAUSE)) {
            LOG.warn(
                    "The rate limit {} would have refused {} request(s) since the last report; it is in shadow mode",
                    name,
                    unreported.getAndSet(0));
        }
    }
}
