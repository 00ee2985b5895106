package dev.forge.cli.failure;

import org.jspecify.annotations.Nullable;

/**
 * A command that failed for a reason that the user can act on.
 *
 * <p>It is printed as exactly two lines: what is wrong ({@link #getMessage()}), then what to type ({@link #remedy()}).
 * Anything else that is thrown is a defect of Forge and is reported as one.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exit exit;
    private final String remedy;

    private Failure(Exit exit, String what, String remedy, @Nullable Throwable cause) {
        super(Printable.oneLine(what), cause);
        this.exit = exit;
        this.remedy = Printable.oneLine(remedy);
    }

    /** The command line is wrong. */
    public static Failure usage(String what, String remedy) {
        return new Failure(Exit.USAGE, what, remedy, null);
    }

    /** The command could not be carried out. */
    public static Failure failed(String what, String remedy) {
        return new Failure(Exit.FAILED, what, remedy, null);
    }

    /** The command could not be carried out because of {@code cause}, which {@code --debug} shows. */
    public static Failure failed(String what, String remedy, Throwable cause) {
        return new Failure(Exit.FAILED, what, remedy, cause);
    }

    /** The command would overwrite something. */
    public static Failure wouldOverwrite(String what, String remedy) {
        return new Failure(Exit.WOULD_OVERWRITE, what, remedy, null);
    }

    /** The user stopped the command before it was done. */
    public static Failure interrupted(String what, String remedy) {
        return new Failure(Exit.INTERRUPTED, what, remedy, null);
    }

    /** The exit code. */
    public Exit exit() {
        return exit;
    }

    /** What to type next. */
    public String remedy() {
        return remedy;
    }
}
