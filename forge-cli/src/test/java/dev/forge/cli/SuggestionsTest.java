package dev.forge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every suggestion that a failing command prints is pasted into a real shell, where {@code forge} and {@code mvn} only
 * note how they were called. Forge then runs with the very arguments that the shell made.
 */
class SuggestionsTest {
    /** An error in two places needs two suggestions; more would be a riddle. */
    private static final int MOST_ERRORS = 3;

    @TempDir(factory = RealTempDir.class)
    Path temporary;

    private Path directory;
    private Path programs;
    private Path calls;

    @BeforeEach
    void createShell() throws IOException {
        directory = Files.createDirectories(temporary.resolve("it's my work"));
        programs = Files.createDirectory(temporary.resolve("programs"));
        calls = temporary.resolve("calls");
        // One line for each call: the directory, and then the arguments, behind tabs.
        for (String program : List.of("forge", "mvn")) {
            Path script = programs.resolve(program);
            Files.writeString(
                    script,
                    "#!/bin/sh\n{ printf '%s\\t%s' " + program
                            + " \"$PWD\"; [ $# -eq 0 ] || printf '\\t%s' \"$@\"; echo; } >>'" + calls + "'\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.createDirectories(directory.resolve("some where"));
        Files.createDirectories(directory.resolve("-x"));
        Files.writeString(directory.resolve("a file"), "mine");
    }

    /** Words are separated by |. Every line has --no-docker, which no suggestion may lose. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "init|--no-docker",
                "init|My Shop|--no-docker",
                "init|my app's|--no-docker|--dir|some where",
                "init||--no-docker",
                "init|CON|--no-docker",
                "init|größe|--no-docker|--json",
                "init|a|b|--no-docker",
                "init|--no-docker|a|b c",
                "init|a|two|--no-dokcer",
                "init|a|--no-docker|--portt|9000|two",
                "inti|a|--no-docker",
                "init|a|--no-docker|--jsno",
                "init|a|--no-docker|--package|com.class",
                "init|a|--no-docker|--package|x y.größe",
                "init|a|--no-docker|--package|org",
                "init|a|--no-docker|--group|org.springframework",
                "init|a|--no-docker|--group|java.x",
                "init|a|--no-docker|--ci|Github",
                "init|a|--no-docker|--no-git|--no-wraper",
                "init|A|--no-docker|--group|java.x|--package|class",
                "init|a|--no-docker|--package=-z",
                "init|a|--no-docker|--group|org.acme.a12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901",
                "init|a|--no-docker|--dir|no where",
                "init|a|--no-docker|--dir|it's",
                "init|a|--no-docker|--dir|a file",
                "init|a|--no-docker|--dir|~/x|--dry-run",
                "init|a|--no-docker|--run|--json",
                "init|a|--no-docker|--run|--dry-run",
                "init|a|--no-docker|--port|9000|--dir|some where",
                "init|a|--no-docker|--run|--port|0",
                "init|a|--no-docker|--run|--port|x",
                "init|.|--no-docker",
                "init|.|--no-docker|--dir|some where",
                "--debug|init|A|--no-docker",
                "init|A|--no-docker|--dir=-x",
            })
    void everyCorrectedCommandMakesTheProject(String line) throws Exception {
        CommandRun run = CommandRun.withPrograms(programs, directory, line.split("\\|", -1));

        CommandRun last = follow(run, "--no-docker");

        assertThat(last.exit()).as(last.err()).isZero();
        assertThat(last.out()).containsAnyOf("Created", "Nothing was written", "\"target\"");
        assertThat(last.out()).doesNotContain("docker compose");
        for (String dir : List.of("some where", "-x")) {
            if (line.contains(dir) && !line.contains("init|.|")) {
                assertThat(directory.resolve(dir)).isNotEmptyDirectory();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "init|a|--unknown",
                "init|a|--package",
                "init|a|--redis=x",
                "features|x",
                "features|--x",
                "completion|x",
                "help|x",
                "help|init|x",
                "nothing",
                "--nothing",
            })
    void whereThereIsNothingToCorrectItShowsTheHelp(String line) throws Exception {
        CommandRun run = CommandRun.in(directory, line.split("\\|", -1));
        assertThat(run.exit()).isEqualTo(2);

        CommandRun last = follow(run, "");

        assertThat(last.exit()).isZero();
        assertThat(last.out()).startsWith("Usage: forge");
    }

    @Test
    void aTargetThatIsTakenLeadsToAProject() throws Exception {
        CommandRun.in(directory, "init", "shop");
        CommandRun.in(directory, "init", "other");
        CommandRun.in(directory, "init", "broken");
        CommandRun.in(directory, "init", "lost");
        Files.writeString(directory.resolve("other/Dockerfile"), "mine");
        Files.writeString(directory.resolve("broken/.forge/manifest.json"), "{");
        Files.delete(directory.resolve("lost/.forge/manifest.json"));
        Files.createDirectory(directory.resolve("full"));
        Files.writeString(directory.resolve("full/pom.xml"), "mine");
        Files.createSymbolicLink(directory.resolve("link"), directory);
        Files.writeString(directory.resolve("file"), "mine");

        for (String name : List.of("shop", "full", "link", "file", "other", "broken", "lost")) {
            CommandRun run = CommandRun.in(directory, "init", name, "--no-docker", "--group", "org.acme", "--force");
            if (run.exit() == 0) {
                run = CommandRun.in(directory, "init", name, "--no-docker", "--group", "org.acme");
            }
            assertThat(run.exit()).as(name).isEqualTo(3);

            CommandRun last = follow(run, "--no-docker");

            assertThat(last.exit()).as(name + last.err()).isZero();
        }
        assertThat(directory.resolve("other/Dockerfile")).hasContent("mine");
        assertThat(directory.resolve("other-2/pom.xml")).content().contains("<groupId>org.acme<");
        assertThat(directory.resolve("other-2/src/main/java/com/example/other")).isDirectory();
        assertThat(directory.resolve("file")).hasContent("mine");
    }

    @Test
    void aTakenCurrentDirectoryLeadsToAProjectBesideIt() throws Exception {
        Path shop = Files.createDirectory(directory.resolve("shop"));
        CommandRun.in(shop, "init", ".");
        Files.writeString(shop.resolve("Dockerfile"), "mine");

        CommandRun run = CommandRun.in(shop, "init", ".", "--no-docker", "--force");
        CommandRun last = followIn(shop, run, "--no-docker");

        assertThat(last.exit()).as(last.err()).isZero();
        assertThat(directory.resolve("shop-2/pom.xml")).isRegularFile();
    }

    @Test
    void unansweredQuestionsLeadToTheProject() throws Exception {
        for (String answers :
                List.of("shop\n", "shop\norg.acme.shop\nno\n", "shop\norg.acme.shop\nno\n\n\n\n", "\n\n\n\n\n\nn\n")) {
            Path work = Files.createTempDirectory(directory, "work");
            CommandRun run = CommandRun.answering(answers, work, "init", "--no-docker", "--group", "org.acme");
            assertThat(run.exit()).isEqualTo(130);

            CommandRun last = followIn(work, run, "--no-docker");

            assertThat(last.exit()).as(last.err()).isZero();
        }
    }

    @Test
    void aMissingMavenAndAPortInUseLeadToACommandThatStarts() throws Exception {
        Files.createDirectory(temporary.resolve("nothing"));
        try (ServerSocket used = new ServerSocket(0)) {
            String port = Integer.toString(used.getLocalPort());
            CommandRun missing = CommandRun.withPrograms(
                    temporary.resolve("nothing"), directory, "init", "one", "--run", "--port", "9123");
            CommandRun busy = CommandRun.withPrograms(programs, directory, "init", "two", "--run", "--port", port);

            paste(directory, missing);
            paste(directory, busy);
        }

        assertThat(calls().get(0))
                .containsExactly("mvn", directory.resolve("one").toString(), "spring-boot:test-run");
        assertThat(calls().get(1))
                .containsExactly("mvn", directory.resolve("two").toString(), "spring-boot:test-run");
    }

    @Test
    void aMissingMavenWrapperLeadsToTheCommandThatMakesIt() throws Exception {
        CommandRun missing =
                CommandRun.withPrograms(temporary.resolve("nothing"), directory, "init", "one", "--wrapper");
        assertThat(missing.exit()).isEqualTo(1);

        paste(directory, missing);

        assertThat(calls().get(0))
                .containsExactly("mvn", directory.resolve("one").toString(), "wrapper:wrapper");
    }

    private List<List<String>> calls() throws IOException {
        return Files.readAllLines(calls).stream()
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
    }

    private CommandRun follow(CommandRun run, String kept) throws Exception {
        return followIn(directory, run, kept);
    }

    /** Pastes what {@code run} suggests, and what that suggests, until a command is done. */
    private CommandRun followIn(Path work, CommandRun run, String kept) throws Exception {
        CommandRun last = run;
        for (int errors = 0; last.exit() != 0 && errors < MOST_ERRORS; errors++) {
            assertThat(suggestion(last).replace("dokcer", "docker")).contains(kept);
            List<String> call = paste(work, last);
            assertThat(call.get(0)).isEqualTo("forge");
            last = CommandRun.withPrograms(
                    programs, Path.of(call.get(1)), call.subList(2, call.size()).toArray(String[]::new));
        }
        return last;
    }

    /** Pastes the suggestion and returns how forge or Maven was called. */
    private List<String> paste(Path work, CommandRun run) throws Exception {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", suggestion(run)).directory(work.toFile());
        shell.environment().put("PATH", programs + ":" + System.getenv("PATH"));
        shell.environment()
                .put("HOME", Files.createDirectories(temporary.resolve("home")).toString());
        Process process = shell.redirectErrorStream(true)
                .redirectOutput(temporary.resolve("shell").toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(temporary.resolve("shell")))
                .isZero();
        List<List<String>> all = calls();
        return all.get(all.size() - 1);
    }

    private static String suggestion(CommandRun run) {
        List<String> type =
                run.err().lines().filter(line -> line.startsWith("Type: ")).toList();
        assertThat(type).as(run.err()).hasSize(1);
        return type.get(0).substring("Type: ".length());
    }
}
