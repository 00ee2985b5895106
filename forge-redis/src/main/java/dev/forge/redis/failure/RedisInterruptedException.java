package dev.forge.redis.failure;

/**
 * The calling thread was interrupted while it waited for Redis; its interrupt flag is set again.
 *
 * <p>This is not a {@link RedisFailure}: Redis has not failed, and code that falls back on failures of Redis must not
 * do so here. A command that was already sent may or may not run.
 */
public final class RedisInterruptedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with {@code message}. */
    public RedisInterruptedException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
