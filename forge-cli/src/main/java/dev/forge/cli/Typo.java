package dev.forge.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a misspelt word was meant to be. */
final class Typo {
    private static final int MOST_EDITS = 2;

    private Typo() {}

    /** The nearest of {@code names} that differs from {@code word} by at most two letters. */
    static Optional<String> nearest(String word, Collection<String> names) {
        return names.stream()
                .filter(name -> Math.abs(name.length() - word.length()) <= MOST_EDITS)
                .filter(name -> edits(word, name) <= MOST_EDITS)
                .min(Comparator.comparingInt(name -> edits(word, name)));
    }

    /** The Levenshtein distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column < row.length; column++) {
                int replaced = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, Math.min(row[column], row[column - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
