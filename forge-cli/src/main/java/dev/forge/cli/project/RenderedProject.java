package dev.forge.cli.project;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A project in memory.
 *
 * @param answers what it was made from
 * @param files the content of every file by its path, which uses {@code /} and stays inside the project
 * @param leftOut the paths of files that the project would have with other features
 */
public record RenderedProject(Answers answers, SortedMap<String, byte[]> files, SortedSet<String> leftOut) {
    /** Copies {@code files}, though not the content of each. */
    public RenderedProject {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        leftOut = Collections.unmodifiableSortedSet(new TreeSet<>(leftOut));
    }
}
