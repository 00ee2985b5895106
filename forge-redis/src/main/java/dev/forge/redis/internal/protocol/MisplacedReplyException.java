package dev.forge.redis.internal.protocol;

/** A reply cannot be the answer to the question that it was taken for; its message never holds what was replied. */
public final class MisplacedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param kind what was replied, such as {@code an integer} */
    MisplacedReplyException(String kind) {
        super("an answer that does not fit its question (" + kind + ")", null, false, false);
    }
}
