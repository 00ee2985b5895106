package dev.forge.redis.internal.cache;

/** What other callers do while a lease lasts. */
public enum LeaseKind {

    /** They wait for it, or load the value and store nothing. */
    EXCLUSIVE,

    /**
     * It is held in a transaction: they take it over at once, so that its holder stores nothing. Only other transactions leave it
     * alone; they load the value and store nothing.
     */
    YIELDING
}
