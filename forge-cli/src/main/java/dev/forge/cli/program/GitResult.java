package dev.forge.cli.program;

import java.util.Locale;

/**
 * What has become of a project's Git repository.
 *
 * @param state how far it came
 * @param note what a person should know about it, as a sentence without a full stop; empty for nothing
 */
public record GitResult(State state, String note) {
    /** The states. */
    public enum State {
        /** The user wants none. */
        OFF,
        /** A new repository holds the project in its first commit. */
        COMMITTED,
        /** A new repository without a commit. */
        UNCOMMITTED,
        /** The project is in a repository already, which has not been touched. */
        EXISTING,
        /** There is no git on this machine. */
        NO_GIT,
        /** Git could not make a repository. */
        FAILED;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** The user wants no repository. */
    public static final GitResult OFF = new GitResult(State.OFF, "");
}
