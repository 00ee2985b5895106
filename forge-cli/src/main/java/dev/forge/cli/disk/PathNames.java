package dev.forge.cli.disk;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.Comparator;

/** Names a few of many paths in a message: those that a person knows first, such as {@code pom.xml}. */
public final class PathNames {
    private static final int MOST_NAMED = 10;
    private static final Comparator<String> BEST_KNOWN = Comparator.comparing((String path) -> path.startsWith("."))
            .thenComparing(
                    path -> path.chars().filter(character -> character == '/').count())
            .thenComparing(Comparator.naturalOrder());

    private PathNames() {}

    /** At most ten of {@code paths}, and how many more there are. */
    public static String of(Collection<String> paths) {
        String first = paths.stream().sorted(BEST_KNOWN).limit(MOST_NAMED).collect(joining(", "));
        return paths.size() > MOST_NAMED ? first + " and " + (paths.size() - MOST_NAMED) + " more" : first;
    }
}
