package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.forge.cli.project.InvalidManifest;
import dev.forge.cli.project.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A project that forge made earlier in the same directory: its manifest tells forge's files from the user's.
 *
 * <p>The manifest comes from the disk and is not trusted: a path outside the project is an error.
 */
final class FormerProject {
    private static final int LARGEST_MANIFEST = 4 << 20;
    private static final long LARGEST_FILE = 64 << 20;
    private static final String MANIFEST_TELLS = Manifest.PATH + ", which tells forge's files from yours, ";

    private final Path target;
    private final Manifest manifest;

    private FormerProject(Path target, Manifest manifest) {
        this.target = target;
        this.manifest = manifest;
    }

    /** The former project in {@code target}; empty if forge has made nothing there. */
    static Optional<FormerProject> in(Path target) throws OccupiedException, IOException {
        Path file = target.resolve(Manifest.PATH);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            if (Files.exists(target.resolve(".forge"), NOFOLLOW_LINKS)) {
                throw OccupiedException.blocked(MANIFEST_TELLS + "is missing in " + target.getFileName());
            }
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, NOFOLLOW_LINKS)) {
            byte[] json = in.readNBytes(LARGEST_MANIFEST + 1);
            if (json.length > LARGEST_MANIFEST) {
                throw OccupiedException.blocked(MANIFEST_TELLS + "cannot be read: it is larger than 4 MiB");
            }
            return Optional.of(new FormerProject(target, Manifest.read(json)));
        } catch (InvalidManifest e) {
            throw OccupiedException.blocked(MANIFEST_TELLS + "cannot be read: " + e.what());
        }
    }

    Manifest manifest() {
        return manifest;
    }

    /** The paths of this project that are not among {@code kept}. */
    SortedSet<String> gone(Collection<String> kept) {
        SortedSet<String> gone = new TreeSet<>(manifest.paths());
        gone.removeAll(kept);
        return gone;
    }

    /** The files of this project that exist and are not among {@code kept}. None of them is changed by the user. */
    SortedSet<String> removable(Collection<String> kept) throws OccupiedException, IOException {
        SortedSet<String> gone = gone(kept);
        new Obstacles(target).refuseBlockedPaths(gone);
        gone.removeIf(path -> !Files.exists(target.resolve(path), NOFOLLOW_LINKS));
        SortedSet<String> changed = changed(gone);
        if (!changed.isEmpty()) {
            throw OccupiedException.blocked("the new project leaves out files that you have changed in "
                    + target.getFileName() + ": " + PathNames.of(changed));
        }
        return gone;
    }

    /** Those of {@code paths} that exist and do not have the content that forge wrote. */
    SortedSet<String> changed(Collection<String> paths) throws IOException {
        SortedSet<String> changed = new TreeSet<>();
        for (String path : paths) {
            Path file = target.resolve(path);
            if (Files.isRegularFile(file, NOFOLLOW_LINKS) && !isUnchanged(path, file)) {
                changed.add(path);
            }
        }
        return changed;
    }

    private boolean isUnchanged(String path, Path file) throws IOException {
        return Files.size(file) <= LARGEST_FILE && manifest.made(path, Files.readAllBytes(file));
    }

    /** Refuses, because the user has not said {@code --force}. */
    OccupiedException refusal() throws IOException {
        if (manifest.isUnfinished()) {
            return OccupiedException.unlessForced(
                    "an earlier forge init was stopped half way in " + target.getFileName(), "does all of it again");
        }
        SortedSet<String> changed = changed(manifest.paths());
        return OccupiedException.unlessForced(
                target.getFileName() + " is a project of forge already; you have changed "
                        + (changed.isEmpty() ? "none of its files" : PathNames.of(changed)),
                "makes it again with these answers; files of your own stay");
    }
}
