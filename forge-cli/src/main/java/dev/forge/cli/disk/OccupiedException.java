package dev.forge.cli.disk;

/** The project would overwrite or remove something. Nothing has been written. */
public final class OccupiedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String obstacle;
    private final String effectOfForce;

    private OccupiedException(String obstacle, String effectOfForce) {
        super(obstacle);
        this.obstacle = obstacle;
        this.effectOfForce = effectOfForce;
    }

    /** An obstacle that the user has to remove. */
    static OccupiedException blocked(String obstacle) {
        return new OccupiedException(obstacle, "");
    }

    /** An obstacle that {@link Overwrite#SAME_PATHS} overcomes, with what that does. */
    static OccupiedException unlessForced(String obstacle, String effectOfForce) {
        return new OccupiedException(obstacle, effectOfForce);
    }

    /** The obstacle, as a sentence without a full stop. */
    public String obstacle() {
        return obstacle;
    }

    /** Whether {@link Overwrite#SAME_PATHS} would overcome it. */
    public boolean yieldsToForce() {
        return !effectOfForce.isEmpty();
    }

    /** What {@link Overwrite#SAME_PATHS} would do, as a remark; empty if it would not help. */
    public String effectOfForce() {
        return effectOfForce;
    }
}
