package dev.forge.redis.test.server;

import org.jspecify.annotations.Nullable;

/** The server could not be found, started or controlled; the message says what to do about it. */
public final class EmbeddedRedisException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates an exception without a cause. */
    public EmbeddedRedisException(String message) {
        this(message, null);
    }

    /** Creates an exception caused by another failure. */
    public EmbeddedRedisException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
