package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Moves staged files into an existing directory. If one move fails, the earlier moves are undone.
 *
 * <p>Copies the files to replace before it moves any, so that a full disk does no harm.
 */
final class Placement {
    private final Path target;
    private final Path staged;
    private final Path backup;
    private final Collection<String> paths;
    private final Deque<Staging.Step> undo = new ArrayDeque<>();

    Placement(Path target, Path staged, Path backup, Collection<String> paths) {
        this.target = target;
        this.staged = staged;
        this.backup = backup;
        this.paths = paths;
    }

    void backUp() throws IOException {
        for (String path : paths) {
            Path existing = Staging.inside(target, path);
            if (Files.exists(existing, NOFOLLOW_LINKS)) {
                Path copy = Staging.inside(backup, path);
                Files.createDirectories(copy.getParent());
                Files.copy(existing, copy, COPY_ATTRIBUTES, NOFOLLOW_LINKS);
            }
        }
    }

    void moveAll() throws IOException {
        try {
            for (String path : paths) {
                move(path);
            }
        } catch (IOException | RuntimeException e) {
            undoMoves(e);
            throw e;
        }
    }

    private void move(String path) throws IOException {
        Path destination = Staging.inside(target, path);
        createDirectoriesFor(path);
        Path copy = Staging.inside(backup, path);
        if (Files.exists(copy, NOFOLLOW_LINKS)) {
            undo.push(() -> Files.move(copy, destination, ATOMIC_MOVE));
        } else {
            undo.push(() -> Files.deleteIfExists(destination));
        }
        Files.move(Staging.inside(staged, path), destination, ATOMIC_MOVE);
    }

    private void createDirectoriesFor(String path) throws IOException {
        Path parts = Path.of(path);
        for (int length = 1; length < parts.getNameCount(); length++) {
            Path directory = target.resolve(parts.subpath(0, length));
            if (!Files.exists(directory, NOFOLLOW_LINKS)) {
                Files.createDirectory(directory);
                undo.push(() -> Files.deleteIfExists(directory));
            }
        }
    }

    private void undoMoves(Exception failure) {
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
