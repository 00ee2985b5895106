package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import dev.forge.cli.project.Manifest;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Moves staged files into an existing directory, and removes those of the former project that the new one leaves out.
 * If one step fails, the earlier steps are undone.
 *
 * <p>Copies the files to replace and to remove before the first step, so that a full disk does no harm. An interim
 * manifest comes first and the final one last: if the process is killed between two steps, the manifest in the
 * directory knows every file that forge may have made there.
 */
final class Placement {
    private final Path target;
    private final Path staged;
    private final Path backup;
    private final Collection<String> paths;
    private final Collection<String> removed;
    private final Collection<String> gone;
    private final Optional<Path> interim;
    private final Deque<Staging.Step> undo = new ArrayDeque<>();

    /**
     * @param paths the files to move from {@code staged}
     * @param removed the files to remove from {@code target}
     * @param gone the files of the former project whose directories go when they are empty
     * @param interim the directory of the interim manifest, for a project that has a manifest
     */
    Placement(
            Path target,
            Path staged,
            Path backup,
            Collection<String> paths,
            Collection<String> removed,
            Collection<String> gone,
            Optional<Path> interim) {
        this.target = target;
        this.staged = staged;
        this.backup = backup;
        this.paths = paths;
        this.removed = removed;
        this.gone = gone;
        this.interim = interim;
    }

    void backUp() throws IOException {
        List<String> all = new ArrayList<>(paths);
        all.addAll(removed);
        for (String path : all) {
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
            for (Staging.Step step : steps()) {
                step.run();
            }
        } catch (IOException | RuntimeException e) {
            undoSteps(e);
            throw e;
        }
    }

    /** What {@link #moveAll} does, in its order. Removals come first, for file systems that ignore case. */
    List<Staging.Step> steps() {
        List<Staging.Step> steps = new ArrayList<>();
        interim.ifPresent(directory -> steps.add(() -> move(directory, Manifest.PATH)));
        removed.forEach(path -> steps.add(() -> remove(path)));
        gone.forEach(path -> steps.add(() -> removeEmptyDirectoriesOf(path)));
        boolean manifestIsLast = interim.isPresent();
        paths.stream()
                .filter(path -> !manifestIsLast || !path.equals(Manifest.PATH))
                .forEach(path -> steps.add(() -> move(staged, path)));
        if (manifestIsLast) {
            // The last step needs no undo: if it fails, it has done nothing.
            steps.add(() -> Files.move(
                    Staging.inside(staged, Manifest.PATH), Staging.inside(target, Manifest.PATH), ATOMIC_MOVE));
        }
        return steps;
    }

    private void move(Path source, String path) throws IOException {
        Path destination = Staging.inside(target, path);
        createDirectoriesFor(path);
        Path copy = Staging.inside(backup, path);
        if (Files.exists(copy, NOFOLLOW_LINKS)) {
            undo.push(() -> Files.move(copy, destination, ATOMIC_MOVE));
        } else {
            undo.push(() -> Files.deleteIfExists(destination));
        }
        Files.move(Staging.inside(source, path), destination, ATOMIC_MOVE);
    }

    private void remove(String path) throws IOException {
        Path file = Staging.inside(target, path);
        undo.push(() -> {
            Files.createDirectories(file.getParent());
            Files.move(Staging.inside(backup, path), file, ATOMIC_MOVE);
        });
        Files.delete(file);
    }

    private void removeEmptyDirectoriesOf(String path) throws IOException {
        for (Path directory = Staging.inside(target, path).getParent();
                directory != null && !directory.equals(target);
                directory = directory.getParent()) {
            try {
                Files.delete(directory);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (NoSuchFileException e) {
                // Another path of the same directory came first; the one above may be empty now.
            }
        }
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

    private void undoSteps(Exception failure) {
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
