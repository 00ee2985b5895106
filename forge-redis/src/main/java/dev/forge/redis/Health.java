package dev.forge.redis;

import java.time.Duration;

/** How Redis is, as far as this application can use it. */
public sealed interface Health {

    /** Redis answers, and takes writes. */
    record Up(Details details) implements Health {}

    /** Redis answers and can be read, but takes no writes. */
    record ReadOnly(Reason reason, Details details) implements Health {}

    /**
     * Redis cannot be used.
     *
     * @param reason a fixed code
     * @param message what happened, for the log of an operator; it names the address, but no secret
     */
    record Down(Reason reason, String message) implements Health {}

    /**
     * What Redis says of itself.
     *
     * @param latency how long it took to answer
     * @param mode {@code standalone}, {@code sentinel} or {@code cluster}
     * @param role {@code master} or {@code slave}, in the words of Redis
     * @param version the version of the server
     * @param usedMemory bytes in use
     * @param maxMemory bytes that may be used, or 0 for no limit
     * @param evictionPolicy what is removed when memory is full, in the words of Redis
     */
    record Details(
            Duration latency,
            String mode,
            String role,
            String version,
            long usedMemory,
            long maxMemory,
            String evictionPolicy) {}

    /** Why Redis is not up. */
    enum Reason {
        /** No connection could be made, or it was lost. */
        UNREACHABLE,
        /** There is a connection, but no answer in time. */
        NO_ANSWER,
        /** The user name or password is missing or wrong. */
        AUTHENTICATION,
        /** The user may not do what Forge needs. */
        NOT_PERMITTED,
        /** The server is still reading its data. */
        LOADING,
        /** A script has been running for too long. */
        BUSY,
        /** A part of the cluster is not served, or the primary of a replica is gone. */
        NOT_SERVED,
        /** Memory is full and nothing may be evicted. */
        OUT_OF_MEMORY,
        /** The server is a replica. */
        REPLICA,
        /** The server cannot write its data to disk. */
        CANNOT_PERSIST,
        /** The manager has been closed. */
        CLOSED,
        /** Anything else; the log has the text. */
        OTHER
    }

    /** Returns whether values can be read. */
    default boolean isReadable() {
        return !(this instanceof Down);
    }
}
