package dev.forge.redis.failure;

import org.jspecify.annotations.Nullable;

/**
 * Redis answered with an error: the command did not take effect.
 *
 * <p>A script is the exception: commands that it ran before the error have taken effect.
 */
public final class RedisRefusedException extends RedisFailure {

    private static final long serialVersionUID = 1;

    private final RefusalReason reason;

    /** Creates the failure with {@code message}, without a stack. */
    public RedisRefusedException(RefusalReason reason, String message, @Nullable Throwable cause) {
        this(reason, message, cause, false);
    }

    /** Returns why Redis refused. */
    public RefusalReason reason() {
        return reason;
    }

    private RedisRefusedException(RefusalReason reason, String message, @Nullable Throwable cause, boolean here) {
        super(message, cause, here);
        this.reason = reason;
    }

    @Override
    public RedisFailure atCaller() {
        return new RedisRefusedException(reason, text(), this, true);
    }
}
