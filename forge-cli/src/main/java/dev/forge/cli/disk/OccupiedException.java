package dev.forge.cli.disk;

/** The project would overwrite something. Nothing has been written. */
public final class OccupiedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String obstacle;
    private final boolean yieldsToForce;

    OccupiedException(String obstacle, boolean yieldsToForce) {
        super(obstacle);
        this.obstacle = obstacle;
        this.yieldsToForce = yieldsToForce;
    }

    /** The obstacle, as a sentence without a full stop. */
    public String obstacle() {
        return obstacle;
    }

    /** Whether {@link Overwrite#SAME_PATHS} would overwrite it. */
    public boolean yieldsToForce() {
        return yieldsToForce;
    }
}
