package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.OutageLog;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.key.RedisKey;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the failures of Redis that a cache goes on without, and says once when they begin and end. */
public final class Outages {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final String cache;
    private final Counters counters;

    // Apart, because a server that takes no writes would otherwise come and go with every look-up.
    private final OutageLog reading = new OutageLog();
    private final OutageLog storing = new OutageLog();

    private final AtomicBoolean saidWrongType = new AtomicBoolean();

    private volatile String last = "";

    public Outages(String cache, Counters counters) {
        this.cache = cache;
        this.counters = counters;
    }

    void reads() {
        reading.worked(() -> LOG.info("The cache {} has Redis again", cache));
    }

    void stores() {
        storing.worked(() -> LOG.info("The cache {} stores in Redis again", cache));
    }

    /** Returns what the latest failure was, or nothing. */
    public String last() {
        return last;
    }

    /** Says, once, that a key holds a value of another type: others use the keys of this cache. */
    void wrongType(String key) {
        if (saidWrongType.compareAndSet(false, true)) {
            LOG.warn(
                    "The key {} of the cache {} holds a value that is no string: another client writes to the keys of this"
                            + " cache, and should use others. Such values count as unreadable and are replaced",
                    RedisKey.shown(key),
                    cache);
        }
    }

    <V> LookupResult<V> withoutReading(Throwable thrown) {
        return noted(thrown, reading, "The cache {} goes on without Redis: {}");
    }

    <V> LookupResult<V> withoutStoring(Throwable thrown) {
        return noted(thrown, storing, "The cache {} stores nothing in Redis: {}");
    }

    /** Notes a failure of Redis; anything else is a fault of ours and is thrown. */
    private <V> LookupResult<V> noted(Throwable thrown, OutageLog log, String message) {
        RedisFailure failure = RedisFailure.in(thrown)
                .orElseThrow(() ->
                        thrown instanceof CompletionException wrapped ? wrapped : new CompletionException(thrown));
        last = String.valueOf(failure.getMessage());
        // Too many commands of our own are no outage.
        if (!BulkWindow.isBackPressure(failure)) {
            counters.redisFailures.increment();
            log.failed(() -> LOG.warn(message, cache, failure.getMessage()));
        }
        return new LookupResult.WithoutRedis<>();
    }
}
