package dev.forge.cli.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectWriterTest {
    private static final SortedMap<String, byte[]> PROJECT = project("new");

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void resolveTarget() {
        target = directory.resolve("shop");
    }

    @Test
    void writesEveryFileIntoANewDirectoryAndLeavesNothingBeside() throws Exception {
        write(Overwrite.NEVER);

        assertThat(Trees.read(directory))
                .isEqualTo(Map.of("shop/pom.xml", "new", "shop/src/A.java", "new", "shop/src/b/B.java", "new"));
    }

    @Test
    void givesTheDirectoryTheUsualPermissions() throws Exception {
        Files.createDirectory(directory.resolve("usual"));

        write(Overwrite.NEVER);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("usual"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".git/HEAD"})
    void fillsADirectoryThatIsEmptyButForGit(String present) throws Exception {
        Files.createDirectories(target);
        Object before = Files.readAttributes(target, "unix:ino").get("ino");
        if (!present.isEmpty()) {
            put(present, "mine");
        }

        write(Overwrite.NEVER);

        assertThat(Trees.read(target)).containsAllEntriesOf(Map.of("pom.xml", "new", "src/b/B.java", "new"));
        assertThat(Trees.read(target)).hasSize(present.isEmpty() ? 3 : 4);
        // A shell may have it as its current directory, which must not disappear.
        assertThat(Files.readAttributes(target, "unix:ino").get("ino")).isEqualTo(before);
    }

    @Test
    void refusesADirectoryWithFilesOfTheSamePathsAndNamesThem() throws Exception {
        put("pom.xml", "mine");
        put("notes.txt", "mine");
        Map<String, String> before = Trees.read(directory);

        OccupiedException refusal = catchThrowableOfType(OccupiedException.class, () -> write(Overwrite.NEVER));

        assertThat(refusal.obstacle()).isEqualTo("shop is not empty; this would overwrite pom.xml");
        assertThat(refusal.yieldsToForce()).isTrue();
        assertThat(Trees.read(directory)).isEqualTo(before);
    }

    @Test
    void refusesADirectoryWithOtherFiles() throws Exception {
        put("notes.txt", "mine");

        OccupiedException refusal = catchThrowableOfType(OccupiedException.class, () -> write(Overwrite.NEVER));

        assertThat(refusal.obstacle()).isEqualTo("shop is not empty; it holds notes.txt");
        assertThat(Trees.read(directory)).isEqualTo(Map.of("shop/notes.txt", "mine"));
    }

    @Test
    void namesAtMostTenClashes() throws Exception {
        SortedMap<String, byte[]> many = new TreeMap<>();
        for (int i = 10; i < 30; i++) {
            many.put("file" + i, new byte[0]);
            put("file" + i, "mine");
        }

        assertThatThrownBy(() -> new ProjectWriter(target, many, new TreeSet<>()).write(Overwrite.NEVER))
                .isInstanceOf(OccupiedException.class)
                .hasMessageContaining("file10, ")
                .hasMessageContaining("file19 and 10 more");
    }

    @Test
    void withForceReplacesTheSamePathsAndDeletesNothing() throws Exception {
        put("pom.xml", "mine");
        put("notes.txt", "mine");
        put("src/b/Other.java", "mine");

        write(Overwrite.SAME_PATHS);

        assertThat(Trees.read(target))
                .isEqualTo(Map.of(
                        "pom.xml", "new",
                        "src/A.java", "new",
                        "src/b/B.java", "new",
                        "notes.txt", "mine",
                        "src/b/Other.java", "mine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dangling", "elsewhere"})
    void neverFollowsALinkInPlaceOfTheTarget(String destination) throws Exception {
        Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(target, directory.resolve(destination));

        for (Overwrite overwrite : Overwrite.values()) {
            assertRefused("shop is a symbolic link, and links are never followed", overwrite);
        }
        assertThat(Trees.read(directory)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"src", "src/b", "src/b/B.java", "pom.xml"})
    void neverFollowsALinkInsideTheTarget(String link) throws Exception {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createDirectories(target.resolve(link).getParent());
        Files.createSymbolicLink(target.resolve(link), outside);

        for (Overwrite overwrite : Overwrite.values()) {
            assertRefused("in the way in shop: " + link + " (a symbolic link)", overwrite);
        }
        assertThat(Trees.read(outside)).isEmpty();
    }

    @Test
    void neverReplacesADirectoryByAFileOrAFileByADirectory() throws Exception {
        Files.createDirectories(target.resolve("pom.xml"));
        put("src", "a file");

        assertRefused("in the way in shop: pom.xml (not a file), src (not a directory)", Overwrite.SAME_PATHS);
    }

    @Test
    void neverReplacesAFileByTheProject() throws Exception {
        Files.writeString(target, "mine");

        for (Overwrite overwrite : Overwrite.values()) {
            assertRefused("shop exists and is not a directory", overwrite);
        }
        assertThat(target).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "/tmp/escaped", "src/../../escaped", ".", "src/.."})
    void treatsAPathOutsideTheProjectAsADefect(String path) throws Exception {
        SortedMap<String, byte[]> files = new TreeMap<>(Map.of(path, new byte[0], "a", new byte[0]));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProjectWriter(target, files, new TreeSet<>()).write(Overwrite.NEVER))
                .withMessageContaining("path must stay inside the project");
        assertThat(Trees.read(directory)).isEmpty();
        assertThat(target).doesNotExist();
    }

    @Test
    void checkWritesNothing() throws Exception {
        new ProjectWriter(target, PROJECT, new TreeSet<>()).check(Overwrite.NEVER);

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void undoesItsMovesWhenALaterMoveFails() throws Exception {
        put("pom.xml", "mine");
        Path staged = directory.resolve("staged");
        Path backup = directory.resolve("backup");
        Trees.write(staged, Map.of("pom.xml", "new", "src/A.java", "new")); // and no src/b/B.java
        Placement placement =
                new Placement(target, staged, backup, PROJECT.keySet(), Set.of(), Set.of(), Optional.empty());
        placement.backUp();

        assertThatThrownBy(placement::moveAll).isInstanceOf(IOException.class);

        assertThat(Trees.read(target)).isEqualTo(Map.of("pom.xml", "mine"));
        assertThat(target.resolve("src")).doesNotExist();
    }

    private void write(Overwrite overwrite) throws Exception {
        new ProjectWriter(target, PROJECT, new TreeSet<>()).write(overwrite);
    }

    private void assertRefused(String obstacle, Overwrite overwrite) {
        OccupiedException refusal = catchThrowableOfType(OccupiedException.class, () -> write(overwrite));

        assertThat(refusal.obstacle()).isEqualTo(obstacle);
        assertThat(refusal.yieldsToForce()).isFalse();
    }

    private void put(String path, String content) throws IOException {
        Trees.write(target, Map.of(path, content));
    }

    static SortedMap<String, byte[]> project(String content) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (String path : new String[] {"pom.xml", "src/A.java", "src/b/B.java"}) {
            files.put(path, content.getBytes(UTF_8));
        }
        return files;
    }
}
