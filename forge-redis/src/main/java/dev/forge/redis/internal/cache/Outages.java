package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.internal.OutageLog;
import dev.forge.redis.internal.command.BulkWindow;
import dev.forge.redis.key.RedisKey;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the failures of Redis that a cache answers without, and logs once when they begin and end. */
public final class Outages {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final String cache;
    private final Counters counters;

    // Separate, because a server that refuses only writes would otherwise log a failure and a recovery with every
    // look-up.
    private final OutageLog reading = new OutageLog();
    private final OutageLog storing = new OutageLog();

    private final AtomicBoolean warnedOfWrongType = new AtomicBoolean();

    private volatile String last = "";

    public Outages(String cache, Counters counters) {
        this.cache = cache;
        this.counters = counters;
    }

    void readWorked() {
        reading.worked(() -> LOG.info("The cache {} reads from Redis again", cache));
    }

    void storeWorked() {
        storing.worked(() -> LOG.info("The cache {} stores in Redis again", cache));
    }

    /** Returns the message of the latest failure, or an empty string. */
    public String last() {
        return last;
    }

    /** Warns, once, that a key holds another Redis type: another client uses the keys of this cache. */
    void wrongType(String key) {
        if (warnedOfWrongType.compareAndSet(false, true)) {
            LOG.warn(
                    "The key {} of the cache {} holds a value that is not a string: another client writes to the keys"
                            + " of this cache, and should use other keys. Such values count as unreadable and are"
                            + " replaced",
                    RedisKey.shown(key),
                    cache);
        }
    }

    <V> LookupResult<V> readFailed(Throwable thrown) {
        return noted(thrown, reading, "The cache {} cannot read from Redis and runs its loaders: {}");
    }

    <V> LookupResult<V> storeFailed(Throwable thrown) {
        return noted(thrown, storing, "The cache {} cannot store in Redis: {}");
    }

    /** Records a failure of Redis; any other exception is a bug and is thrown. */
    private <V> LookupResult<V> noted(Throwable thrown, OutageLog log, String message) {
        RedisFailure failure = RedisFailure.in(thrown)
                .orElseThrow(() ->
                        thrown instanceof CompletionException wrapped ? wrapped : new CompletionException(thrown));
        last = String.valueOf(failure.getMessage());
        // Too many commands of this process in flight are not an outage.
        if (!BulkWindow.isBackPressure(failure)) {
            counters.redisFailures.increment();
            log.failed(() -> LOG.warn(message, cache, failure.getMessage()));
        }
        return new LookupResult.WithoutRedis<>();
    }
}
