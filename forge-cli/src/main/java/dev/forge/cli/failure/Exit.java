package dev.forge.cli.failure;

/** The exit codes of the command. They are part of its contract: scripts depend on them. */
public enum Exit {
    /** Everything that was asked for has been done. */
    DONE(0),
    /** The command could not be carried out: a full disk, a missing program, a port in use. */
    FAILED(1),
    /** The command line is wrong; nothing was tried. */
    USAGE(2),
    /** Something is where the project would go; nothing was written. */
    WOULD_OVERWRITE(3),
    /** The person stopped the command. */
    INTERRUPTED(130);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The number that the process ends with. */
    public int code() {
        return code;
    }
}
