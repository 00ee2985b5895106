package dev.forge.cli.disk;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.forge.cli.project.Answers;
import dev.forge.cli.project.InvalidManifest;
import dev.forge.cli.project.Manifest;
import dev.forge.cli.project.ProjectName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes a project into its directory: all of it, or nothing.
 *
 * <p>A new directory appears in one move, complete. In a directory that exists, the files are prepared first and then
 * moved to their places one after another. If a move fails, the earlier ones are undone. If the process is killed
 * meanwhile, the manifest in the directory covers the files of before and after, and the next forced write completes
 * the change.
 */
public final class ProjectWriter {
    private final Path target;
    private final SortedMap<String, byte[]> files;
    private final SortedSet<String> leftOut;
    private final SortedSet<String> kept;

    /**
     * @param target the project's directory, absolute and normalised; its parent exists
     * @param files the content of each file by its path in the project
     * @param leftOut the paths of files that the project would have with other features
     */
    public ProjectWriter(Path target, SortedMap<String, byte[]> files, SortedSet<String> leftOut) {
        this(target, files, leftOut, new TreeSet<>());
    }

    private ProjectWriter(
            Path target, SortedMap<String, byte[]> files, SortedSet<String> leftOut, SortedSet<String> kept) {
        this.target = target;
        this.files = files;
        this.leftOut = leftOut;
        this.kept = kept;
    }

    /**
     * The answers of the project of forge in {@code target}, which is called {@code name} now. Empty if there is none, or
     * if something is wrong with it, which {@link #check} reports.
     */
    public static Optional<Answers> formerAnswers(Path target, ProjectName name) {
        return formerManifest(target).flatMap(manifest -> manifest.answers(name));
    }

    /** The name of the project of forge in {@code target}, whatever its directory is called. Empty as above. */
    public static Optional<ProjectName> formerName(Path target) {
        return formerManifest(target).flatMap(Manifest::name);
    }

    private static Optional<Manifest> formerManifest(Path target) {
        try {
            Obstacles obstacles = new Obstacles(target);
            obstacles.refuseLinkOrFileAsTarget();
            obstacles.refuseBlockedPaths(List.of(Manifest.PATH));
            return FormerProject.in(target).map(FormerProject::manifest);
        } catch (OccupiedException | IOException e) {
            return Optional.empty();
        }
    }

    /** The same writer, but it leaves {@code paths} as they are, even if the former project has them. */
    public ProjectWriter keeping(SortedSet<String> paths) {
        return new ProjectWriter(target, files, leftOut, new TreeSet<>(paths));
    }

    private SortedSet<String> pathsAfterwards() {
        SortedSet<String> paths = new TreeSet<>(files.keySet());
        paths.addAll(kept);
        return paths;
    }

    /** Looks for obstacles as {@link #write} does, and writes nothing. */
    public Change check(Overwrite overwrite) throws OccupiedException, IOException {
        if (!Files.exists(target, NOFOLLOW_LINKS)) {
            return Change.NONE;
        }
        Obstacles obstacles = new Obstacles(target);
        obstacles.refuseLinkOrFileAsTarget();
        obstacles.refuseBlockedPaths(pathsAfterwards());
        Optional<FormerProject> former = FormerProject.in(target);
        if (overwrite == Overwrite.NEVER) {
            if (former.isPresent()) {
                throw former.get().refusal();
            }
            obstacles.refuseContent(files.keySet());
        }
        return former.isPresent() ? changeOf(former.get()) : changeOfUnknown();
    }

    private Change changeOf(FormerProject former) throws OccupiedException, IOException {
        SortedSet<String> removed = former.removable(pathsAfterwards());
        SortedSet<String> lost = different();
        lost.retainAll(former.changed(lost));
        return new Change(removed, lost, true);
    }

    private Change changeOfUnknown() throws OccupiedException, IOException {
        refuseSourcesOfUnknownOrigin();
        return new Change(new TreeSet<>(), different(), false);
    }

    /** The files that exist with content other than the project's. The manifest is Forge's own. */
    private SortedSet<String> different() throws IOException {
        SortedSet<String> different = new TreeSet<>(files.keySet());
        different.removeIf(path -> path.equals(Manifest.PATH) || !Files.exists(target.resolve(path), NOFOLLOW_LINKS));
        different.removeAll(unchanged());
        return different;
    }

    /** The files that have the project's content already. They are not touched, so that builds stay incremental. */
    private SortedSet<String> unchanged() throws IOException {
        SortedSet<String> unchanged = new TreeSet<>();
        for (String path : files.keySet()) {
            Path file = target.resolve(path);
            byte[] content = files.getOrDefault(path, new byte[0]);
            if (!path.equals(Manifest.PATH)
                    && Files.isRegularFile(file, NOFOLLOW_LINKS)
                    && Files.size(file) == content.length
                    && Arrays.equals(Files.readAllBytes(file), content)) {
                unchanged.add(path);
            }
        }
        return unchanged;
    }

    /** Without a manifest, a source of a feature that is off may be Forge's. Left where it is, it may not compile. */
    private void refuseSourcesOfUnknownOrigin() throws OccupiedException {
        List<String> sources = leftOut.stream()
                .filter(path -> path.endsWith(".java"))
                .filter(path -> Files.exists(target.resolve(path), NOFOLLOW_LINKS))
                .toList();
        if (!sources.isEmpty()) {
            throw OccupiedException.blocked(Manifest.PATH + " is missing in " + target.getFileName()
                    + ", and these files are in the way: " + PathNames.of(sources));
        }
    }

    /**
     * Writes every file. After an exception, and after an interrupt, the target is as it was before.
     *
     * @return what that did to the files that existed
     * @throws OccupiedException if {@code overwrite} forbids it, or a link or a directory is where a file would go, or
     *     a file would have to go that the user has changed
     * @throws IOException if the file system refuses
     */
    public Change write(Overwrite overwrite) throws OccupiedException, IOException {
        Change change = check(overwrite);
        if (Files.exists(target, NOFOLLOW_LINKS)) {
            writeIntoDirectory(change);
        } else {
            writeNewDirectory();
        }
        return change;
    }

    private void writeNewDirectory() throws OccupiedException, IOException {
        try (Staging staging =
                Staging.in(requireNonNull(target.getParent(), "only a root has no parent, and roots exist"))) {
            Path staged = staging.root().resolve("new");
            staging.write(staged, files, files.keySet());
            staging.step(() -> Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE));
        } catch (IOException e) {
            // Another process may have created the target in the meantime.
            check(Overwrite.NEVER);
            throw e;
        }
    }

    private void writeIntoDirectory(Change change) throws OccupiedException, IOException {
        // Inside the target, not beside it: the parent may be read-only, or on another file system.
        try (Staging staging = Staging.in(target)) {
            Placement placement = prepare(staging, change);
            staging.step(placement::backUp);
            staging.step(placement::moveAll);
        }
    }

    /** Writes all files beside their places. The rest is only moves and removals. */
    Placement prepare(Staging staging, Change change) throws OccupiedException, IOException {
        Path staged = staging.root().resolve("new");
        SortedSet<String> paths = new TreeSet<>(files.keySet());
        paths.removeAll(unchanged());
        Optional<FormerProject> former = FormerProject.in(target);
        staging.write(staged, withKept(former), paths);
        SortedSet<String> gone =
                former.map(project -> project.gone(pathsAfterwards())).orElseGet(TreeSet::new);
        byte[] manifest = files.get(Manifest.PATH);
        Optional<Path> interim = Optional.empty();
        if (manifest != null) {
            Path directory = staging.root().resolve("interim");
            SortedMap<String, byte[]> file = new TreeMap<>(Map.of(Manifest.PATH, interim(manifest, former)));
            staging.write(directory, file, file.keySet());
            interim = Optional.of(directory);
        }
        Path backup = staging.root().resolve("old");
        return new Placement(target, staged, backup, paths, change.removed(), gone, interim);
    }

    /** The files, with a manifest that still knows those that are kept. */
    private SortedMap<String, byte[]> withKept(Optional<FormerProject> former) {
        byte[] manifest = files.get(Manifest.PATH);
        if (manifest == null || former.isEmpty() || kept.isEmpty()) {
            return files;
        }
        SortedMap<String, byte[]> all = new TreeMap<>(files);
        all.put(
                Manifest.PATH,
                own(manifest).keeping(former.get().manifest(), kept).toJson());
        return all;
    }

    /**
     * Records that the files at {@code paths}, as far as they exist, have been made for this project as they are now. So
     * a later change can remove them. The project is written already.
     */
    public void adopt(SortedSet<String> paths) throws OccupiedException, IOException {
        SortedMap<String, byte[]> made = new TreeMap<>();
        for (String path : paths) {
            Path file = target.resolve(path);
            if (Files.isRegularFile(file, NOFOLLOW_LINKS)) {
                made.put(path, Files.readAllBytes(file));
            }
        }
        Optional<FormerProject> project = FormerProject.in(target);
        if (project.isEmpty()) {
            return;
        }
        SortedMap<String, byte[]> manifest = new TreeMap<>(
                Map.of(Manifest.PATH, project.get().manifest().with(made).toJson()));
        try (Staging staging = Staging.in(target)) {
            staging.write(staging.root(), manifest, manifest.keySet());
            staging.step(() -> Files.move(
                    staging.root().resolve(Manifest.PATH),
                    target.resolve(Manifest.PATH),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING));
        }
    }

    private static Manifest own(byte[] json) {
        try {
            return Manifest.read(json);
        } catch (InvalidManifest e) {
            throw new IllegalStateException("forge writes valid manifests", e);
        }
    }

    private static byte[] interim(byte[] json, Optional<FormerProject> former) {
        Manifest manifest = own(json);
        return former.map(project -> manifest.replacing(project.manifest()))
                .orElseGet(manifest::beginning)
                .toJson();
    }
}
