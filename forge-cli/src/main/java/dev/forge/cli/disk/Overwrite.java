package dev.forge.cli.disk;

/** What may happen to existing files. */
public enum Overwrite {
    /** Nothing: the target must be empty, except for {@code .git}. */
    NEVER,
    /**
     * Files of the project replace files of the same path. Files of a former project of Forge that the new one leaves
     * out are removed, unless the user has changed them. All others stay as they are.
     */
    SAME_PATHS
}
