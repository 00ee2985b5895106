package dev.forge.cli.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a killed forge has left is removed, and nothing that only looks like it. */
class AbandonedStagingTest {
    /** No process has this id: it is above the highest one of every system. */
    private static final String NAME = ".forge-staging-7fffffff-0000000000000001";

    private static final String MARKER = ".forge-staging";

    @TempDir
    Path directory;

    private Path target;

    @BeforeEach
    void resolveTarget() {
        target = directory.resolve("shop");
    }

    @ParameterizedTest
    @ValueSource(strings = {".forge-2026-11", NAME})
    void aDirectoryOfTheUserSurvives(String name) throws Exception {
        Trees.write(directory, Map.of(name + "/notes.txt", "mine", "shop/" + name + "/notes.txt", "mine"));

        assertThatThrownBy(() -> write(target, Overwrite.NEVER))
                .isInstanceOf(OccupiedException.class)
                .hasMessage("shop is not empty; it holds " + name);
        write(target, Overwrite.SAME_PATHS);
        write(directory.resolve("other"), Overwrite.NEVER);

        assertThat(Trees.read(directory))
                .isEqualTo(Map.of(
                        name + "/notes.txt",
                        "mine",
                        "shop/" + name + "/notes.txt",
                        "mine",
                        "shop/pom.xml",
                        "new",
                        "other/pom.xml",
                        "new"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mine", "A temporary directory of forge init. The next forge init removes it!\n"})
    void aMarkerOfTheUserIsNone(String marker) throws Exception {
        Trees.write(directory, Map.of(NAME + "/" + MARKER, marker));

        write(target, Overwrite.NEVER);

        assertThat(directory.resolve(NAME).resolve(MARKER)).hasContent(marker);
    }

    @Test
    void whatAKilledForgeLeftIsRemoved() throws Exception {
        Path beside = abandonIn(directory);
        Path inside = abandonIn(Files.createDirectory(target));

        write(target, Overwrite.NEVER);
        assertThat(inside).doesNotExist();
        assertThat(beside).exists();
        write(directory.resolve("other"), Overwrite.NEVER);

        assertThat(Trees.read(directory)).isEqualTo(Map.of("shop/pom.xml", "new", "other/pom.xml", "new"));
        assertThat(Trees.emptyDirectories(directory)).isEmpty();
    }

    @Test
    void whatBelongsToAnotherUserStays() throws Exception {
        Path left = abandonIn(directory);
        giveAway(left);

        write(target, Overwrite.NEVER);

        assertThat(left).isNotEmptyDirectory();
    }

    @Test
    void whatARunningForgeWritesStays() throws Exception {
        try (Staging running = Staging.in(directory)) {
            running.write(running.root().resolve("new"), files(), files().keySet());

            write(target, Overwrite.NEVER);

            assertThat(running.root().resolve("new/pom.xml")).exists();
            assertThat(running.root().resolve(MARKER)).isRegularFile();
        }
        assertThat(Trees.read(directory)).isEqualTo(Map.of("shop/pom.xml", "new"));
    }

    /** As a process leaves it that no one can stop. */
    private static Path abandonIn(Path directory) throws IOException {
        Path left = directory.resolve(NAME);
        try (Staging staging = Staging.in(directory)) {
            staging.write(staging.root().resolve("new"), files(), files().keySet());
            Files.move(staging.root(), left);
        }
        return left;
    }

    private static void giveAway(Path path) throws IOException {
        try {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("12345"));
        } catch (FileSystemException e) {
            abort("root is needed");
        }
    }

    private static void write(Path target, Overwrite overwrite) throws Exception {
        new ProjectWriter(target, files(), new TreeSet<>()).write(overwrite);
    }

    private static SortedMap<String, byte[]> files() {
        return new TreeMap<>(Map.of("pom.xml", "new".getBytes(UTF_8)));
    }
}
