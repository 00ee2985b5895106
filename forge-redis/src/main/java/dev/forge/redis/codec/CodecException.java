package dev.forge.redis.codec;

/**
 * A value could not be converted to bytes or back.
 *
 * <p>The message names the type and the place in it, and never holds any of the value, because values may be secret.
 */
public final class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates an exception; {@code message} must hold nothing of the value. */
    public CodecException(String message) {
        super(message);
    }
}
