package dev.forge.redis.internal.cache;

import dev.forge.redis.codec.Codec;
import dev.forge.redis.codec.CodecException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rejects values that would not be read back equal: calls {@link Codec#check} before a value is stored.
 *
 * <p>If the result depends only on the type, checking stops after the first value that passes.
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
     * Checks {@code value}, which the codec has encoded as {@code content}; the first value that fails is logged.
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
            throw refuse(e);
        }
        settled = !codec.checksEachValue();
    }

    /** Counts a value that cannot be stored because of {@code failure}, and logs the first; returns the reason. */
    CodecException refuse(RuntimeException failure) {
        CodecException reason = failure instanceof CodecException known
                ? known
                : new CodecException("a value of the cache " + cache
                        + " cannot be encoded, or compared with what is read back ("
                        + failure.getClass().getName() + ")");
        failures.increment();
        lastReason = String.valueOf(reason.getMessage());
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "A value of the cache {} is not stored, and neither are others like it: {}. They are counted"
                            + " (unstorable) and not logged again.",
                    cache,
                    lastReason);
        }
        return reason;
    }

    /** Returns why the latest rejected value was rejected, or an empty string. */
    public String lastReason() {
        return lastReason;
    }
}
