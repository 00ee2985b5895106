package dev.forge.redis.failure;

import dev.forge.redis.internal.thread.Futures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command to Redis failed; the subtype says what the caller may do about it.
 *
 * <ul>
 *   <li>{@link RedisUnavailableException}: the command was never sent, so repeating it is safe.
 *   <li>{@link RedisOutcomeUnknownException}: the command was sent but not answered, so it may or may not have run.
 *   <li>{@link RedisRefusedException}: Redis answered with an error; see its
 *       {@link RedisRefusedException#reason() reason}.
 * </ul>
 *
 * <p>Messages name the operation, the key (shortened, with control characters escaped) and the address. They never hold
 * a value, a password or a session id.
 */
public abstract sealed class RedisFailure extends RuntimeException
        permits RedisUnavailableException, RedisOutcomeUnknownException, RedisRefusedException {

    private static final long serialVersionUID = 1;

    /** @param here whether to record the stack of this thread; on an I/O thread it would be useless and expensive */
    RedisFailure(String message, @Nullable Throwable cause, boolean here) {
        super(message, cause, true, here);
    }

    /** Returns the failure of Redis that {@code thrown} is, or wraps as futures do; or nothing. */
    public static Optional<RedisFailure> in(Throwable thrown) {
        return Futures.unwrapped(thrown) instanceof RedisFailure failure ? Optional.of(failure) : Optional.empty();
    }

    /** Returns a copy of this failure with the stack of the calling thread, and this failure as its cause. */
    public abstract RedisFailure atCaller();

    /** Returns the message, which is never null. */
    public final String text() {
        return String.valueOf(getMessage());
    }
}
