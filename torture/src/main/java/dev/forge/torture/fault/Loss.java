package dev.forge.torture.fault;

/** The effect of a fault on data that Redis has acknowledged. */
public enum Loss {
    /** None. */
    NONE,
    /** All or some are lost. */
    FORGETS,
    /** They exist, but the clock by which they expire has jumped. */
    JUMPS,
    /** They may be in an earlier state. */
    GOES_BACK
}
