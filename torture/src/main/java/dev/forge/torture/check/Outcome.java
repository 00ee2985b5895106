package dev.forge.torture.check;

/** How a call ended. */
public enum Outcome {
    /** Redis has done it and said so. */
    OK,
    /** It was never sent, so it has not run. */
    NEVER_SENT,
    /** It was sent and not answered. */
    UNKNOWN,
    /** Redis answered with an error. */
    REFUSED,
    /** The caller gave it up. */
    CANCELLED,
    /** It failed in a way that promises nothing: always a violation. */
    OTHER
}
