package dev.forge.redis.cache;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does. */
final class Counters {

    final LongAdder nearHits = new LongAdder();
    final LongAdder hits = new LongAdder();
    final LongAdder stale = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder loadNanos = new LongAdder();
    final LongAdder earlyRefreshes = new LongAdder();
    final LongAdder joins = new LongAdder();
    final LongAdder waits = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder unstorable = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder redisFailures = new LongAdder();

    CacheStats stats(long bypasses, int unsent) {
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
                refusals.sum(),
                redisFailures.sum(),
                bypasses,
                unsent);
    }
}
