package dev.forge.redis.failure;

import org.jspecify.annotations.Nullable;

/**
 * The command was sent but not answered: it may or may not have run.
 *
 * <p>Repeat it only if running it twice does no harm.
 */
public final class RedisOutcomeUnknownException extends RedisFailure {

    private static final long serialVersionUID = 1;

    /** Creates the failure with {@code message}, without a stack. */
    public RedisOutcomeUnknownException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private RedisOutcomeUnknownException(String message, @Nullable Throwable cause, boolean here) {
        super(message, cause, here);
    }

    @Override
    public RedisFailure atCaller() {
        return new RedisOutcomeUnknownException(text(), this, true);
    }
}
