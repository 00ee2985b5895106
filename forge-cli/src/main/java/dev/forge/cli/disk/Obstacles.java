package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds what is in the way in a target that exists. Changes nothing. */
final class Obstacles {
    private final Path target;

    Obstacles(Path target) {
        this.target = target;
    }

    void refuseLinkOrFileAsTarget() throws OccupiedException {
        if (Files.isSymbolicLink(target)) {
            throw OccupiedException.blocked(name() + " is a symbolic link, and links are never followed");
        }
        if (!Files.isDirectory(target, NOFOLLOW_LINKS)) {
            throw OccupiedException.blocked(name() + " exists and is not a directory");
        }
    }

    /** Refuses links, directories in place of files, and the reverse, which {@code --force} does not replace. */
    void refuseBlockedPaths(Collection<String> paths) throws OccupiedException {
        TreeSet<String> blocked = new TreeSet<>();
        paths.forEach(path -> blocked(path).ifPresent(blocked::add));
        if (!blocked.isEmpty()) {
            throw OccupiedException.blocked("in the way in " + name() + ": " + PathNames.of(blocked));
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

    void refuseContent(Collection<String> paths) throws OccupiedException, IOException {
        String effect = "writes over files of the same paths, deletes nothing";
        List<String> clashes = paths.stream()
                .filter(path -> Files.exists(target.resolve(path), NOFOLLOW_LINKS))
                .toList();
        if (!clashes.isEmpty()) {
            throw OccupiedException.unlessForced(
                    name() + " is not empty; this would overwrite " + PathNames.of(clashes), effect);
        }
        List<String> content = content();
        if (!content.isEmpty()) {
            throw OccupiedException.unlessForced(name() + " is not empty; it holds " + PathNames.of(content), effect);
        }
    }

    /** The existing content. A Git repository that was just created does not count, nor what a killed forge left. */
    private List<String> content() throws IOException {
        try (Stream<Path> entries = Files.list(target)) {
            return entries.filter(entry -> !Staging.isAbandoned(entry))
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(entry -> !entry.equals(".git"))
                    .toList();
        }
    }

    private String name() {
        return String.valueOf(target.getFileName());
    }
}
