package dev.forge.cli.disk;

/** What may happen to existing files. */
public enum Overwrite {
    /** Nothing: the target must be empty, except for {@code .git}. */
    NEVER,
    /** Files of the project replace files of the same path; all others stay as they are. */
    SAME_PATHS
}
