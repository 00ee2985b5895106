package dev.forge.cli.project;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A project in memory.
 *
 * @param answers what it was made from
 * @param files the content of every file by its path, which uses {@code /} and stays inside the project
 */
public record RenderedProject(Answers answers, SortedMap<String, byte[]> files) {
    /** Copies {@code files}, though not the content of each. */
    public RenderedProject {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }
}
