package dev.forge.torture.check;

/** How a call ended. */
public enum Outcome {
    /** Redis has run and acknowledged it. */
    OK,
    /** It was never sent, so it has not run. */
    NEVER_SENT,
    /** It was sent and not answered. */
    UNKNOWN,
    /** Redis answered with an error. */
    REFUSED,
    /** The caller cancelled it. */
    CANCELLED,
    /** It failed with an exception that has no meaning: always a violation. */
    OTHER
}
