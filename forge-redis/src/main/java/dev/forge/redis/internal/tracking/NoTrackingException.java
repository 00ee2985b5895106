package dev.forge.redis.internal.tracking;

/** Thrown if a server cannot send invalidations, or not reliably, and trying again soon would not help. */
final class NoTrackingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoTrackingException(String reason) {
        super(reason, null, false, false);
    }
}
