package dev.forge.cli.disk;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What writing a project does to the files that exist.
 *
 * @param removed files of the former project that the new one leaves out and that the user has not changed
 * @param lost files whose content is replaced, and that the user has made or changed
 * @param replaces whether there is a former project of Forge
 */
public record Change(SortedSet<String> removed, SortedSet<String> lost, boolean replaces) {
    /** Nothing exists yet. */
    static final Change NONE = new Change(new TreeSet<>(), new TreeSet<>(), false);

    /** Copies the sets. */
    public Change {
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        lost = Collections.unmodifiableSortedSet(new TreeSet<>(lost));
    }
}
