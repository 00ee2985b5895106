package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;

/**
 * Writes a project into its directory: all of it, or nothing.
 *
 * <p>A new directory appears in one move, complete. In a directory that exists, the files are prepared first and then
 * moved to their places one after another. If a move fails, the earlier ones are undone.
 */
public final class ProjectWriter {
    private final Path target;
    private final SortedMap<String, byte[]> files;

    /**
     * @param target the project's directory, absolute and normalised; its parent exists
     * @param files the content of each file by its path in the project
     */
    public ProjectWriter(Path target, SortedMap<String, byte[]> files) {
        this.target = target;
        this.files = files;
    }

    /** Looks for obstacles as {@link #write} does, and writes nothing. */
    public void check(Overwrite overwrite) throws OccupiedException, IOException {
        new Obstacles(target, files.keySet()).refuse(overwrite);
    }

    /**
     * Writes every file. After an exception, and after an interrupt, the target is as it was before.
     *
     * @throws OccupiedException if {@code overwrite} forbids it, or a link or a directory is where a file would go
     * @throws IOException if the file system refuses
     */
    public void write(Overwrite overwrite) throws OccupiedException, IOException {
        check(overwrite);
        if (Files.exists(target, NOFOLLOW_LINKS)) {
            writeIntoDirectory();
        } else {
            writeNewDirectory();
        }
    }

    private void writeNewDirectory() throws OccupiedException, IOException {
        try (Staging staging =
                Staging.in(requireNonNull(target.getParent(), "only a root has no parent, and roots exist"))) {
            staging.write(staging.root(), files);
            staging.step(() -> Files.move(staging.root(), target, StandardCopyOption.ATOMIC_MOVE));
        } catch (IOException e) {
            // Another process may have created the target in the meantime.
            check(Overwrite.NEVER);
            throw e;
        }
    }

    private void writeIntoDirectory() throws IOException {
        // Inside the target, not beside it: the parent may be read-only, or on another file system.
        try (Staging staging = Staging.in(target)) {
            Path staged = staging.root().resolve("new");
            staging.write(staged, files);
            Placement placement = new Placement(target, staged, staging.root().resolve("old"), files.keySet());
            staging.step(placement::backUp);
            staging.step(placement::moveAll);
        }
    }
}
