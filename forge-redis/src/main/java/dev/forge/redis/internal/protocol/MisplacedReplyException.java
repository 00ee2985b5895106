package dev.forge.redis.internal.protocol;

import org.jspecify.annotations.Nullable;

/** A reply cannot belong to the command that it was read for; the message never contains the reply. */
public final class MisplacedReplyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param kind the type of the reply, such as {@code an integer} */
    MisplacedReplyException(String kind) {
        super("a reply that does not fit its command (" + kind + ")", null, false, false);
    }

    private MisplacedReplyException(String message, @Nullable Throwable none) {
        super(message, none, false, false);
    }

    /** Returns the exception for a reply where no command awaits one. */
    public static MisplacedReplyException unasked() {
        return new MisplacedReplyException("a reply that no command awaits", null);
    }

    /** Returns the exception for bytes that are not a reply. */
    static MisplacedReplyException malformed(String what) {
        return new MisplacedReplyException("bytes that are not a reply (" + what + ")", null);
    }
}
