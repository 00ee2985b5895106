package dev.forge.torture.fault;

/** What a fault does to data that Redis has acknowledged. */
public enum Loss {
    /** Nothing. */
    NONE,
    /** They are gone, all or some of them. */
    FORGETS,
    /** They are there, but the clock by which they end is set to another time. */
    JUMPS,
    /** They may be as they were at an earlier time. */
    GOES_BACK
}
