package dev.forge.redis.observe;

/** How a command of a manager ended, as its caller sees it. */
public enum CommandOutcome {
    /** A GET found a value. */
    HIT,
    /** A GET found no value. */
    MISS,
    /** Any other command was answered. */
    SUCCESS,
    /** Redis answered with an error: {@link dev.forge.redis.failure.RedisRefusedException}. */
    REFUSED,
    /** It was never sent: {@link dev.forge.redis.failure.RedisUnavailableException}. */
    UNAVAILABLE,
    /** It was sent and not answered: {@link dev.forge.redis.failure.RedisOutcomeUnknownException}. */
    UNKNOWN,
    /** Its caller cancelled it, or was interrupted. */
    CANCELLED,
    /** Anything else, such as a reply that could not be decoded. */
    FAILED;

    /** Returns whether Redis answered as it should. */
    public boolean isSuccess() {
        return this == HIT || this == MISS || this == SUCCESS;
    }
}
