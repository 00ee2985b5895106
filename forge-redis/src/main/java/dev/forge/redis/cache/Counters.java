package dev.forge.redis.cache;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does. */
final class Counters {

    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder loads = new LongAdder();
    final LongAdder loadFailures = new LongAdder();
    final LongAdder joins = new LongAdder();
    final LongAdder unreadable = new LongAdder();
    final LongAdder refusals = new LongAdder();
    final LongAdder redisFailures = new LongAdder();

    CacheStats stats() {
        return new CacheStats(
                hits.sum(),
                misses.sum(),
                loads.sum(),
                loadFailures.sum(),
                joins.sum(),
                unreadable.sum(),
                refusals.sum(),
                redisFailures.sum());
    }
}
