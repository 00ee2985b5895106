package dev.forge.redis.internal.cache;

import dev.forge.redis.cache.observe.CacheStats;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link CacheStats}. */
public final class Counters {

    public final LongAdder nearHits = new LongAdder();
    public final LongAdder hits = new LongAdder();
    public final LongAdder stale = new LongAdder();
    public final LongAdder misses = new LongAdder();
    public final LongAdder loads = new LongAdder();
    public final LongAdder loadFailures = new LongAdder();
    public final LongAdder loadNanos = new LongAdder();
    public final LongAdder earlyRefreshes = new LongAdder();
    public final LongAdder joins = new LongAdder();
    public final LongAdder waits = new LongAdder();
    public final LongAdder unreadable = new LongAdder();
    public final LongAdder unstorable = new LongAdder();
    public final LongAdder rejectedStores = new LongAdder();
    public final LongAdder redisFailures = new LongAdder();
    public final LongAdder puts = new LongAdder();
    public final LongAdder removals = new LongAdder();

    /** Returns what is counted now, with numbers that are counted elsewhere. */
    public CacheStats stats(long bypasses, int pendingInvalidations, int nearSize) {
        return new CacheStats(
                nearHits.sum(),
                hits.sum(),
                stale.sum(),
                misses.sum(),
                loads.sum(),
                loadFailures.sum(),
                Duration.ofNanos(loadNanos.sum()),
                earlyRefreshes.sum(),
                joins.sum(),
                waits.sum(),
                unreadable.sum(),
                unstorable.sum(),
                rejectedStores.sum(),
                redisFailures.sum(),
                bypasses,
                pendingInvalidations,
                puts.sum(),
                removals.sum(),
                nearSize);
    }
}
