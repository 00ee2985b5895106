package dev.forge.redis;

import org.jspecify.annotations.Nullable;

/** The command was never sent to Redis: repeating it is safe, and so is carrying on without it. */
public final class RedisUnavailableException extends RedisFailure {

    private static final long serialVersionUID = 1;

    RedisUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    private RedisUnavailableException(String message, @Nullable Throwable cause, boolean here) {
        super(message, cause, here);
    }

    @Override
    RedisFailure atCaller() {
        return new RedisUnavailableException(text(), this, true);
    }
}
