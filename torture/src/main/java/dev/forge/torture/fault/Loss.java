package dev.forge.torture.fault;

/** What a fault does to data that Redis has acknowledged. */
public enum Loss {
    /** Nothing. */
    NONE,
    /** They are gone. */
    FORGETS,
    /** They may be as they were at an earlier time. */
    GOES_BACK
}
