package dev.forge.cli.disk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.forge.cli.project.Ci;
import dev.forge.cli.project.Combinations;
import dev.forge.cli.project.Feature;
import dev.forge.cli.project.RenderedProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code --force} over a project with other features gives the files of a new project, byte for byte, and the user's
 * own. RenderedProjectsIT compiles each of the eight new projects, so all 64 changes compile.
 */
class ForcedChangeTest {
    private static final Set<Feature> ALL = EnumSet.allOf(Feature.class);
    private static final Set<Feature> NONE = Set.of();
    private static final Map<String, String> OWN = Map.of(
            "notes.txt", "mine",
            "src/main/java/org/acme/shop/Mine.java", "mine",
            "data/shop.mv.db", "mine");
    private static final Map<Set<Feature>, RenderedProject> RENDERED = new ConcurrentHashMap<>();

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void resolveTarget() {
        target = directory.resolve("shop");
    }

    /** One walk that takes each of the 64 changes once, in one directory. */
    @Test
    @Tag("slow")
    void fromEverySetOfFeaturesToEveryOtherGivesTheFilesOfANewProject() throws Exception {
        List<Set<Feature>> sets = Combinations.all().toList();
        create(sets.get(0));
        int changes = 0;
        Set<Feature> before = sets.get(0);

        for (Set<Feature> after : closedWalkOverEveryPair(sets)) {
            Change change = force(after);

            assertThat(Trees.read(target)).as("%s to %s", before, after).isEqualTo(expected(after));
            assertThat(Trees.emptyDirectories(target)).isEmpty();
            assertThat(change.lost()).isEmpty();
            assertThat(change.removed().isEmpty()).isEqualTo(after.containsAll(before));
            before = after;
            changes++;
        }
        assertThat(changes).isEqualTo(64);
    }

    /** Hierholzer's algorithm: every directed edge of the complete graph with loops, each once. */
    private static List<Set<Feature>> closedWalkOverEveryPair(List<Set<Feature>> sets) {
        Map<Set<Feature>, Deque<Set<Feature>>> ahead = new HashMap<>();
        sets.forEach(set -> ahead.put(set, new ArrayDeque<>(sets)));
        Deque<Set<Feature>> open = new ArrayDeque<>(sets.subList(0, 1));
        Deque<Set<Feature>> walk = new ArrayDeque<>();
        while (!open.isEmpty()) {
            Deque<Set<Feature>> next = ahead.getOrDefault(open.element(), new ArrayDeque<>());
            if (next.isEmpty()) {
                walk.push(open.pop());
            } else {
                open.push(next.pop());
            }
        }
        return walk.stream().skip(1).toList();
    }

    @Test
    void fromEachCiServiceToEachOtherGivesTheFilesOfANewProject() throws Exception {
        create(NONE);
        for (Ci before : Ci.values()) {
            for (Ci after : Ci.values()) {
                writer(Combinations.renderSmall(NONE, before)).write(Overwrite.SAME_PATHS);

                writer(Combinations.renderSmall(NONE, after)).write(Overwrite.SAME_PATHS);

                assertThat(Trees.read(target)).isEqualTo(expected(Combinations.renderSmall(NONE, after)));
                assertThat(Trees.emptyDirectories(target)).isEmpty();
            }
        }
    }

    @Test
    void toAnotherPackageLeavesNoClassInTheFormer() throws Exception {
        create(ALL);
        RenderedProject after = Combinations.renderSmall(ALL, "store", "0.1.0");

        writer(after).write(Overwrite.SAME_PATHS);

        assertThat(Trees.read(target)).isEqualTo(expected(after));
        assertThat(entries(target.resolve("src/main/java/org/acme/shop"))).hasSize(1);
    }

    @Test
    void fromAnotherVersionOfForgeRemovesItsLibraryAndItsFormerFiles() throws Exception {
        RenderedProject older = Combinations.renderSmall(ALL, "shop", "0.0.9");
        writer(older).write(Overwrite.NEVER);
        Trees.write(target, OWN);
        String manifest = Files.readString(target.resolve(".forge/manifest.json"));
        Trees.write(
                target,
                Map.of(
                        "gone.txt",
                        "",
                        ".forge/manifest.json",
                        manifest.replace(
                                        "\"files\": {",
                                        "\"files\": {\"gone.txt\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",")
                                .replace("\"answers\"", "\"aFieldOfThatVersion\": [1, true],\n  \"answers\"")));

        Change change = force(NONE);

        assertThat(Trees.read(target)).isEqualTo(expected(NONE));
        assertThat(change.removed())
                .contains("gone.txt")
                .anyMatch(path -> path.endsWith("forge-redis-0.0.9-" + hash(path) + ".jar"));
    }

    @Test
    void refusesToRemoveAFileThatTheUserHasChanged() throws Exception {
        create(ALL);
        String dockerfile = "Dockerfile";
        String task = "src/main/java/org/acme/shop/task/TaskController.java";
        Trees.write(target, Map.of(dockerfile, "FROM mine", task, "class Mine {}"));

        assertRefused(
                NONE, "the new project leaves out files that you have changed in shop: " + dockerfile + ", " + task);
    }

    @Test
    void doesNotMindThatTheUserHasRemovedAFile() throws Exception {
        create(ALL);
        Files.delete(target.resolve("Dockerfile"));
        Files.delete(target.resolve("pom.xml"));

        force(NONE);

        assertThat(Trees.read(target)).isEqualTo(expected(NONE));
    }

    @Test
    void namesTheChangedFilesWhoseContentIsReplaced() throws Exception {
        create(ALL);
        Trees.write(target, Map.of("pom.xml", "mine", ".gitignore", "mine"));

        Change change = force(NONE);

        assertThat(change.lost()).containsExactly(".gitignore", "pom.xml");
        assertThat(Trees.read(target)).isEqualTo(expected(NONE));
    }

    @Test
    void takesTheLineEndsOfWindowsForNoChange() throws Exception {
        create(ALL);
        for (String path : List.of("Dockerfile", "pom.xml")) {
            String text = Files.readString(target.resolve(path));
            Trees.write(target, Map.of(path, text.replace("\n", "\r\n")));
        }

        Change change = force(NONE);

        assertThat(change.lost()).isEmpty();
        assertThat(Trees.read(target)).isEqualTo(expected(NONE));
    }

    @Test
    void neverFollowsALinkToRemoveAFile() throws Exception {
        create(ALL);
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path task = target.resolve("src/main/java/org/acme/shop/task");
        for (Path file : entries(task)) {
            Files.move(file, outside.resolve(file.getFileName()));
        }
        Files.delete(task);
        Files.createSymbolicLink(task, outside);
        Files.delete(target.resolve("Dockerfile"));
        Files.createSymbolicLink(target.resolve("Dockerfile"), directory.resolve("nowhere"));

        assertRefused(
                NONE,
                "in the way in shop: Dockerfile (a symbolic link), src/main/java/org/acme/shop/task (a symbolic link)");
        assertThat(entries(outside)).isNotEmpty();
    }

    @Test
    void neverRemovesADirectoryInThePlaceOfAFile() throws Exception {
        create(ALL);
        Files.delete(target.resolve("Dockerfile"));
        Trees.write(target, Map.of("Dockerfile/mine", "mine"));

        assertRefused(NONE, "in the way in shop: Dockerfile (not a file)");
    }

    @ParameterizedTest
    @EnumSource(Overwrite.class)
    void refusesAProjectWithoutItsManifest(Overwrite overwrite) throws Exception {
        create(ALL);
        Files.delete(target.resolve(".forge/manifest.json"));
        Map<String, String> before = Trees.read(target);

        assertThatThrownBy(() -> writer(rendered(NONE)).write(overwrite))
                .isInstanceOf(OccupiedException.class)
                .hasMessage(".forge/manifest.json, which tells forge's files from yours, is missing in shop");
        assertThat(Trees.read(target)).isEqualTo(before);
    }

    @Test
    void refusesSourcesOfALeftOutFeatureWhoseOriginIsUnknown() throws Exception {
        String task = "src/main/java/org/acme/shop/task/TaskController.java";
        Trees.write(target, Map.of(task, "mine", "Dockerfile", "mine"));

        assertRefused(NONE, ".forge/manifest.json is missing in shop, and these files are in the way: " + task);
    }

    @Test
    void completesAChangeThatWasKilledAfterAnyStep() throws Exception {
        int killed = 0;
        for (int step = 0; killedAfter(step, ALL, NONE); step += step < 4 ? 1 : 9) {
            force(NONE);

            assertThat(Trees.read(target)).as("killed after step %s", step).isEqualTo(expected(NONE));
            assertThat(Trees.emptyDirectories(target)).isEmpty();
            killed++;
        }
        assertThat(killed).isGreaterThan(10);
    }

    @Test
    void completesOtherAnswersAfterTwoKills() throws Exception {
        Set<Feature> third = EnumSet.of(Feature.REDIS, Feature.DOCKER);
        for (int step = 1; killedAfter(step, EnumSet.of(Feature.WORKER), third); step += 11) {
            killAfter(step + 3, NONE);

            force(third);

            assertThat(Trees.read(target)).as("killed after step %s", step).isEqualTo(expected(third));
            assertThat(Trees.emptyDirectories(target)).isEmpty();
        }
    }

    @Test
    void reportsThatAChangeWasStoppedHalfWay() throws Exception {
        assertThat(killedAfter(10, ALL, NONE)).isTrue();

        assertThatThrownBy(() -> writer(rendered(NONE)).write(Overwrite.NEVER))
                .isInstanceOf(OccupiedException.class)
                .hasMessage("an earlier forge init was stopped half way in shop");
    }

    @Test
    void undoesEveryStepWhenALaterOneFails() throws Exception {
        for (String missing : List.of(".forge/base.zip", ".forge/manifest.json", "README.md", "pom.xml")) {
            target = directory.resolve("shop-" + missing.replace('/', '-'));
            create(ALL);
            Map<String, String> before = Trees.read(target);

            try (Staging staging = Staging.in(target)) {
                ProjectWriter writer = writer(rendered(NONE));
                Placement placement = writer.prepare(staging, writer.check(Overwrite.SAME_PATHS));
                placement.backUp();
                Files.delete(staging.root().resolve("new").resolve(missing));
                assertThatThrownBy(placement::moveAll).isInstanceOf(IOException.class);
            }

            assertThat(Trees.read(target)).as(missing).isEqualTo(before);
            assertThat(Trees.emptyDirectories(target)).isEmpty();
        }
    }

    /** Makes a project of {@code before} and kills its change after so many steps; false if there are fewer. */
    private boolean killedAfter(int steps, Set<Feature> before, Set<Feature> after) throws Exception {
        target = directory.resolve("shop" + steps + before + after);
        Files.createDirectories(target);
        target = target.resolve("shop");
        create(before);
        return killAfter(steps, after);
    }

    private boolean killAfter(int steps, Set<Feature> after) throws Exception {
        ProjectWriter writer = writer(rendered(after));
        Change change = writer.check(Overwrite.SAME_PATHS);
        Staging staging = Staging.in(target);
        Placement placement = writer.prepare(staging, change);
        placement.backUp();
        List<Staging.Step> all = placement.steps();
        for (Staging.Step step : all.subList(0, Math.min(steps, all.size()))) {
            step.run();
        }
        // As a process leaves it that no one can stop: its directory stays, under the name of a process that is gone.
        Path left = target.resolve(".forge-staging-7fffffff-0000000000000001");
        Files.move(staging.root(), left);
        staging.close();
        return steps <= all.size();
    }

    private void create(Set<Feature> features) throws Exception {
        writer(rendered(features)).write(Overwrite.NEVER);
        Trees.write(target, OWN);
    }

    private Change force(Set<Feature> features) throws Exception {
        return writer(rendered(features)).write(Overwrite.SAME_PATHS);
    }

    private void assertRefused(Set<Feature> features, String obstacle) throws IOException {
        Map<String, String> before = Trees.read(directory);

        assertThatThrownBy(() -> force(features))
                .isInstanceOf(OccupiedException.class)
                .hasMessage(obstacle);
        assertThat(Trees.read(directory)).isEqualTo(before);
    }

    private ProjectWriter writer(RenderedProject project) {
        return new ProjectWriter(target, project.files(), project.leftOut());
    }

    private static RenderedProject rendered(Set<Feature> features) {
        return RENDERED.computeIfAbsent(features, Combinations::renderSmall);
    }

    private static Map<String, String> expected(Set<Feature> features) {
        return expected(rendered(features));
    }

    private static Map<String, String> expected(RenderedProject project) {
        Map<String, String> expected = new TreeMap<>(OWN);
        project.files().forEach((path, content) -> expected.put(path, new String(content, ISO_8859_1)));
        return expected;
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static String hash(String path) {
        return path.replaceFirst(".*-0\\.0\\.9-([0-9a-f]+)\\.jar$", "$1");
    }
}
