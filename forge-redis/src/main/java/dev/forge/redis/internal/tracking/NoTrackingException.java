package dev.forge.redis.internal.tracking;

/** Says that a server cannot tell of changes, or cannot be relied on to, and will not in a moment either. */
final class NoTrackingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoTrackingException(String reason) {
        super(reason, null, false, false);
    }
}
