package dev.forge.cli.init;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.forge.cli.CommandRun;
import dev.forge.cli.RealTempDir;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code forge init} makes a Git repository, with the real Git and a configuration of the test's own.
 *
 * <p>The build sets {@code GIT_DIR} for all tests, as a hook of Git does: forge must never commit there.
 */
class GitTest {
    private static final String AUTHOR = "[user]\n\tname = Ada\n\temail = ada@example.com\n";

    @TempDir(factory = RealTempDir.class)
    Path temporary;

    private Path directory;
    private Path programs;
    private Path configuration;

    @BeforeEach
    void createGit() throws Exception {
        directory = Files.createDirectory(temporary.resolve("work"));
        programs = Files.createDirectory(temporary.resolve("programs"));
        configuration = Files.writeString(temporary.resolve("gitconfig"), AUTHOR);
        git("exec " + realGit() + " \"$@\"");
    }

    @Test
    void commitsEveryFileOfTheProjectUnderTheUsersName() throws Exception {
        CommandRun run = init("shop");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).containsPattern("Created shop: \\d+ files in \\d+ ms, and a first commit\\. Next:");
        assertThat(log()).matches("Ada <ada@example.com>\\|Create shop with forge \\S+");
        assertThat(shell("git", "ls-files").lines())
                .containsExactlyInAnyOrderElementsOf(filesOnDisk())
                .contains("pom.xml", ".gitignore", ".forge/manifest.json");
        assertThat(shell("git", "status", "--porcelain")).isEmpty();
        assertThat(configuration).hasContent(AUTHOR);
    }

    /** Many people ignore *.jar everywhere. Without the library in .forge, no other machine could build. */
    @Test
    void commitsFilesThatTheUserIgnoresEverywhere() throws Exception {
        Path ignored = Files.writeString(temporary.resolve("ignored"), "*.jar\n*.pom\n.env.example\n");
        Files.writeString(configuration, AUTHOR + "[core]\n\texcludesFile = " + ignored + "\n");

        init("shop");

        assertThat(shell("git", "ls-files").lines()).containsExactlyInAnyOrderElementsOf(filesOnDisk());
    }

    /** Git for Windows changes line ends by default, and Maven compares checksums. */
    @Test
    void checksTheLibraryOutWithoutChangingALineEnd() throws Exception {
        init("shop");

        shell("git", "clone", "--quiet", "--config", "core.autocrlf=true", ".", "../windows");

        Path repository = directory.resolve("shop/.forge/repository");
        Path checkedOut = directory.resolve("windows/.forge/repository");
        try (var paths = Files.walk(repository)) {
            assertThat(paths.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(checkedOut.resolve(repository.relativize(file)))
                            .hasSameBinaryContentAs(file));
        }
    }

    @Test
    void commitsNoFileOfTheUsers() throws Exception {
        Path shop = Files.createDirectory(directory.resolve("shop"));
        Files.writeString(shop.resolve("notes.txt"), "mine");

        init("shop", "--force");

        assertThat(shell("git", "status", "--porcelain")).isEqualTo("?? notes.txt");
    }

    @Test
    void leavesOutTheRepositoryIfToldSo() {
        CommandRun run = init("shop", "--no-git", "--json");

        assertThat(run.out()).contains("\"git\": \"off\"", "\"command\": \"forge init shop --no-git -y\"");
        assertThat(directory.resolve("shop/.git")).doesNotExist();
        assertThat(directory.resolve("shop/pom.xml")).exists();
    }

    @Test
    void writesNothingInADryRun() {
        init("shop", "--dry-run");

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void leavesARepositoryAloneThatTheProjectIsIn() throws Exception {
        Files.createDirectory(directory.resolve(".git"));

        CommandRun run = init("shop");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("\n  No Git repository: this is in the one of " + directory + "\n");
        assertThat(directory.resolve("shop/.git")).doesNotExist();
        assertThat(directory.resolve(".git")).isEmptyDirectory();
    }

    @Test
    void leavesTheRepositoryOfTheDirectoryAlone() throws Exception {
        Path shop = Files.createDirectory(directory.resolve("shop"));
        Files.createDirectory(shop.resolve(".git"));

        CommandRun run = init("shop", "--json");

        assertThat(run.out()).contains("\"git\": \"existing\"", "\"notes\": []");
        assertThat(shop.resolve(".git")).isEmptyDirectory();
    }

    @Test
    void makesNoCommitWithoutAnAuthorAndSaysSo() throws Exception {
        Files.writeString(configuration, "");

        CommandRun run = init("shop");

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains(
                        "\n  No first commit: git does not know your name and address yet\n",
                        "\n  git add --all && git commit -m 'First commit' ");
        assertThat(directory.resolve("shop/.git")).isDirectory();
        assertThat(shell("git", "rev-list", "--all")).isEmpty();
        assertThat(configuration).hasContent("");
    }

    @ParameterizedTest
    @CsvSource({
        "init, failed, No Git repository: git init failed: the disk is full",
        "update-index, uncommitted, No first commit: git failed: the disk is full",
        "commit, uncommitted, No first commit: git failed: the disk is full",
    })
    void aGitThatFailsNeverFailsTheCommand(String failing, String state, String note) throws Exception {
        git("[ \"$1\" = " + failing
                + " ] && { echo warning; echo 'fatal: the disk is full'; echo more; exit 128; } >&2;" + " exec "
                + realGit() + " \"$@\"");

        CommandRun run = init("shop", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"git\": \"" + state + "\"", note, "git commit -m 'First commit'");
        assertThat(directory.resolve("shop/pom.xml")).exists();
    }

    @Test
    void saysNothingIfThereIsNoGit() throws Exception {
        Files.delete(programs.resolve("git"));

        CommandRun run = init("shop", "--json");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("\"git\": \"no-git\"", "\"notes\": []");
    }

    private CommandRun init(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "init";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return CommandRun.withPrograms(programs, directory, all);
    }

    private String log() throws Exception {
        return shell("git", "log", "--format=%an <%ae>|%s");
    }

    private Collection<String> filesOnDisk() throws IOException {
        Path shop = directory.resolve("shop");
        try (var paths = Files.walk(shop)) {
            return new TreeSet<>(paths.filter(Files::isRegularFile)
                    .map(path -> shop.relativize(path).toString())
                    .filter(path -> !path.startsWith(".git/"))
                    .toList());
        }
    }

    private String shell(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.resolve("shop").toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("GIT_CONFIG_GLOBAL", configuration.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(process.waitFor(20, SECONDS)).isTrue();
        return output;
    }

    private void git(String script) throws IOException {
        Path program = Files.writeString(
                programs.resolve("git"),
                "#!/bin/sh\nexport GIT_CONFIG_GLOBAL='" + configuration + "' GIT_CONFIG_NOSYSTEM=1\n"
                        + "unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL EMAIL\n"
                        + script
                        + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path realGit() {
        List<String> path = Arrays.asList(System.getenv("PATH").split(":"));
        return path.stream()
                .map(place -> Path.of(place, "git"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
