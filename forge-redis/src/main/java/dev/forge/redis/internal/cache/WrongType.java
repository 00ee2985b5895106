package dev.forge.redis.internal.cache;

import dev.forge.redis.failure.RedisFailure;
import dev.forge.redis.failure.RedisRefusedException;
import dev.forge.redis.failure.RefusalReason;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * A key of a cache at which another client stores a hash, a list or another type. It is treated as an unreadable entry,
 * and replaced under the lease.
 */
public final class WrongType {

    /** The bytes that such a key reads as, here and in lease.lua. */
    static final Optional<byte[]> BYTES = Optional.of(new byte[0]);

    /** The reply of lease.lua for such a key, in place of the remaining time of a lease. */
    static final long IN_REPLY = -1;

    private WrongType() {}

    /** Returns whether a read failed because of the type of the key. */
    static boolean is(Throwable failure) {
        return RedisFailure.in(failure).orElse(null) instanceof RedisRefusedException refused
                && refused.reason() == RefusalReason.WRONGTYPE;
    }

    /** Returns {@link #BYTES} for a failure because of the type of the key; throws any other failure. */
    public static Optional<byte[]> orThrow(Throwable failure) {
        if (is(failure)) {
            return BYTES;
        }
        throw failure instanceof CompletionException wrapped ? wrapped : new CompletionException(failure);
    }
}
