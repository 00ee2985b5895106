package dev.forge.redis.failure;

import dev.forge.redis.internal.thread.Futures;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Redis did not do what was asked; the subtype says what the caller may do about it.
 *
 * <ul>
 *   <li>{@link RedisUnavailableException}: the command was never sent, so it is safe to repeat.
 *   <li>{@link RedisOutcomeUnknownException}: the command was sent and not answered, so it may or may not have run.
 *   <li>{@link RedisRefusedException}: Redis answered with an error, whose {@link RedisRefusedException#reason() reason} says
 *       which.
 * </ul>
 *
 * <p>Messages name the operation, the key (shortened, with control characters escaped) and the address. They never hold a
 * value, a password or a session id.
 */
public abstract sealed class RedisFailure extends RuntimeException
        permits RedisUnavailableException, RedisOutcomeUnknownException, RedisRefusedException {

    private static final long serialVersionUID = 1;

    /** @param here whether the stack of this thread says anything: that of an I/O thread does not, and costs a lot */
    RedisFailure(String message, @Nullable Throwable cause, boolean here) {
        super(message, cause, true, here);
    }

    /** Returns the failure of Redis that {@code thrown} is, or that a future has wrapped in it. */
    public static Optional<RedisFailure> in(Throwable thrown) {
        return Futures.unwrapped(thrown) instanceof RedisFailure failure ? Optional.of(failure) : Optional.empty();
    }

    /** Returns this failure with the stack of the thread that calls this method, and itself as the cause. */
    public abstract RedisFailure atCaller();

    /** Returns the message, which is never null. */
    public final String text() {
        return String.valueOf(getMessage());
    }
}
