package dev.forge.cli.disk;

/** What may happen to files that exist. */
public enum Overwrite {
    /** Nothing: the target must be empty, but for {@code .git}. */
    NEVER,
    /** Files of the project replace files of the same path; all others stay as they are. */
    SAME_PATHS
}
