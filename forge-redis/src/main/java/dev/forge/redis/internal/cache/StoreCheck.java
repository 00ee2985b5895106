package dev.forge.redis.internal.cache;

import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps out of Redis what would not come back from it as it was: {@link Codec#check} is asked before a value is stored.
 *
 * <p>Where it depends on the type alone whether a value comes back, one that does speaks for all.
 */
public final class StoreCheck<V> {

    private static final Logger LOG = LoggerFactory.getLogger("dev.forge.redis.cache");

    private final String cache;
    private final Codec<V> codec;
    private final LongAdder failures;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile boolean settled;
    private volatile String lastReason = "";

    /** @param failures counts the values that did not pass */
    public StoreCheck(String cache, Codec<V> codec, LongAdder failures) {
        this.cache = cache;
        this.codec = codec;
        this.failures = failures;
    }

    /**
     * Checks {@code value}, of which the codec has made {@code content}; warns once of a cache whose values do not come back.
     *
     * @throws CodecException if it must not be stored
     */
    void check(V value, byte[] content) {
        if (settled) {
            return;
        }
        try {
            codec.check(value, content);
        } catch (RuntimeException e) {
            CodecException reason = e instanceof CodecException known
                    ? known
                    : new CodecException(
                            "a value of the cache " + cache + " cannot be compared with what is read back ("
                                    + e.getClass().getName() + ")");
            failures.increment();
            lastReason = String.valueOf(reason.getMessage());
            if (warned.compareAndSet(false, true)) {
                LOG.warn(
                        "A value of the cache {} is not stored, and no other like it: {}. It is counted (unstorable) and not"
                                + " logged again.",
                        cache,
                        lastReason);
            }
            throw reason;
        }
        settled = !codec.checksEachValue();
    }

    /** Returns why a value was not stored the last time that this happened, or nothing. */
    public String lastReason() {
        return lastReason;
    }
}
