package dev.forge.cli.failure;

/** The exit codes of the command. They are part of its contract: scripts depend on them. */
public enum Exit {
    /** The command has done everything. */
    DONE(0),
    /** The command could not be carried out: a full disk, a missing program, a port in use. */
    FAILED(1),
    /** The command line is wrong; nothing was done. */
    USAGE(2),
    /** The project would overwrite something; nothing was written. */
    WOULD_OVERWRITE(3),
    /** The user stopped the command. */
    INTERRUPTED(130);

    private final int code;

    Exit(int code) {
        this.code = code;
    }

    /** The exit code of the process. */
    public int code() {
        return code;
    }
}
