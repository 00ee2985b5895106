package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds existing files that a project would overwrite. Changes nothing. */
final class Obstacles {
    private static final int MOST_NAMED = 10;

    private final Path target;
    private final Collection<String> paths;

    Obstacles(Path target, Collection<String> paths) {
        this.target = target;
        this.paths = paths;
    }

    void refuse(Overwrite overwrite) throws OccupiedException, IOException {
        if (!Files.exists(target, NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.isSymbolicLink(target)) {
            throw new OccupiedException(name() + " is a symbolic link, and links are never followed", false);
        }
        if (!Files.isDirectory(target, NOFOLLOW_LINKS)) {
            throw new OccupiedException(name() + " exists and is not a directory", false);
        }
        refuseBlockedPaths();
        if (overwrite == Overwrite.NEVER) {
            refuseContent();
        }
    }

    /** Refuses links, directories in the place of files, and the reverse, which {@code --force} does not replace. */
    private void refuseBlockedPaths() throws OccupiedException {
        TreeSet<String> blocked = new TreeSet<>();
        paths.forEach(path -> blocked(path).ifPresent(blocked::add));
        if (!blocked.isEmpty()) {
            throw new OccupiedException("in the way in " + name() + ": " + named(blocked), false);
        }
    }

    private Optional<String> blocked(String path) {
        Path step = target;
        for (Path part : Path.of(path)) {
            step = step.resolve(part);
            boolean leaf = step.equals(target.resolve(path));
            String shown = target.relativize(step).toString();
            if (Files.isSymbolicLink(step)) {
                return Optional.of(shown + " (a symbolic link)");
            }
            if (!Files.exists(step, NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (leaf && !Files.isRegularFile(step, NOFOLLOW_LINKS)) {
                return Optional.of(shown + " (not a file)");
            }
            if (!leaf && !Files.isDirectory(step, NOFOLLOW_LINKS)) {
                return Optional.of(shown + " (not a directory)");
            }
        }
        return Optional.empty();
    }

    private void refuseContent() throws OccupiedException, IOException {
        List<String> clashes = paths.stream()
                .filter(path -> Files.exists(target.resolve(path), NOFOLLOW_LINKS))
                .sorted()
                .toList();
        if (!clashes.isEmpty()) {
            throw new OccupiedException(name() + " is not empty; this would overwrite " + named(clashes), true);
        }
        List<String> content = content();
        if (!content.isEmpty()) {
            throw new OccupiedException(name() + " is not empty; it holds " + named(content), true);
        }
    }

    /** The existing content. A Git repository that was just created does not count. */
    private List<String> content() throws IOException {
        try (Stream<Path> entries = Files.list(target)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(entry -> !entry.equals(".git"))
                    .sorted()
                    .toList();
        }
    }

    private String name() {
        return String.valueOf(target.getFileName());
    }

    private static String named(Collection<String> names) {
        String first = names.stream().limit(MOST_NAMED).collect(joining(", "));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }
}
