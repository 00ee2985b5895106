package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * A key of a cache at which another client keeps a hash, a list or the like. It is treated as if it held bytes that are no entry:
 * unreadable, and replaced under the lease.
 */
public final class WrongType {

    /** What such a key reads as, here and in lease.lua. */
    static final Optional<byte[]> BYTES = Optional.of(new byte[0]);

    /** What lease.lua replies for such a key in place of the time that is left of a lease. */
    static final long IN_REPLY = -1;

    private WrongType() {}

    /** Returns whether a read failed because of the type of the key. */
    static boolean is(Throwable failure) {
        return RedisFailure.in(failure).orElse(null) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.WRONGTYPE;
    }

    /** Returns what such a key reads as, or throws any other failure. */
    public static Optional<byte[]> orThrow(Throwable failure) {
        if (is(failure)) {
            return BYTES;
        }
        throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }
}
