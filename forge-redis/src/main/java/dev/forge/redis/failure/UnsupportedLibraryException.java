package dev.forge.redis.failure;

/**
 * A library on the class path is too old for Forge; the message names it, its version and the oldest that works.
 *
 * <p>This is not a {@link RedisFailure}: only another version of the library helps.
 */
public final class UnsupportedLibraryException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with {@code message}. */
    public UnsupportedLibraryException(String message) {
        super(message);
    }
}
