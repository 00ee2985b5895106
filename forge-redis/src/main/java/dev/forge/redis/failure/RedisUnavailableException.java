package dev.forge.redis.failure;

import org.jspecify.annotations.Nullable;

/**
 * The command was never sent to Redis: repeating it is safe, and so is continuing without it.
 *
 * <p>Either Redis cannot be reached, or it is slower than its callers: {@link #isBackPressure()} tells them apart. A
 * command on several keys may also have been refused until its deadline because a cluster was moving them; even then it
 * has not run.
 */
public final class RedisUnavailableException extends RedisFailure {

    private static final long serialVersionUID = 1;

    private final boolean backPressure;

    /** Creates the failure with {@code message}, without a stack. */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        this(message, cause, false, false);
    }

    private RedisUnavailableException(String message, @Nullable Throwable cause, boolean backPressure, boolean here) {
        super(message, cause, here);
        this.backPressure = backPressure;
    }

    /** Returns the failure of a command that is refused because too many others are under way. */
    public static RedisUnavailableException backPressure(String message) {
        return new RedisUnavailableException(message, null, true, false);
    }

    /** Returns this failure as the failure of {@code operation}. */
    public RedisUnavailableException of(String operation) {
        return new RedisUnavailableException(operation + " failed: " + text(), this, backPressure, false);
    }

    /**
     * Returns whether the command was refused because too many others were under way. If so, Redis is reachable, and
     * accepts commands again as soon as some of those have been answered.
     */
    public boolean isBackPressure() {
        return backPressure;
    }

    @Override
    public RedisFailure atCaller() {
        return new RedisUnavailableException(text(), this, backPressure, true);
    }
}
