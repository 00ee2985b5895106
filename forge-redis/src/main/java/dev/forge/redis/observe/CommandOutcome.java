package dev.forge.redis.observe;

/** How a command of a manager ended, as its caller sees it. */
public enum CommandOutcome {
    /** A GET has found a value. */
    HIT,
    /** A GET has found no value. */
    MISS,
    /** Any other command has been answered. */
    SUCCESS,
    /** Redis has answered with an error: {@link dev.forge.redis.failure.RedisRefusedException}. */
    REFUSED,
    /** It was never sent: {@link dev.forge.redis.failure.RedisUnavailableException}. */
    UNAVAILABLE,
    /** It was sent and not answered: {@link dev.forge.redis.failure.RedisOutcomeUnknownException}. */
    UNKNOWN,
    /** Its caller has cancelled it, or was interrupted. */
    CANCELLED,
    /** Anything else, such as a reply that could not be decoded. */
    FAILED;

    /** Returns whether Redis has answered as it should. */
    public boolean isSuccess() {
        return this == HIT || this == MISS || this == SUCCESS;
    }
}
