package dev.forge.redis.internal.protocol;

/** A reply cannot belong to the command that it was read for; the message never contains the reply. */
public final class MisplacedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param kind the type of the reply, such as {@code an integer} */
    MisplacedReplyException(String kind) {
        super("a reply that does not fit its command (" + kind + ")", null, false, false);
    }
}
