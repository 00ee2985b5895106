package dev.forge.cli.disk;

/** Something is where the project would go. Nothing has been written. */
public final class OccupiedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String obstacle;
    private final boolean yieldsToForce;

    OccupiedException(String obstacle, boolean yieldsToForce) {
        super(obstacle);
        this.obstacle = obstacle;
        this.yieldsToForce = yieldsToForce;
    }

    /** What is in the way, as a sentence without a full stop. */
    public String obstacle() {
        return obstacle;
    }

    /** Whether writing over existing files, when it is asked for, would go ahead. */
    public boolean yieldsToForce() {
        return yieldsToForce;
    }
}
